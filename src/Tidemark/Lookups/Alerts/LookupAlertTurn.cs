namespace Tidemark.Lookups.Alerts;

/// <summary>An alert that has started, or is over, and that somebody has to be told of: by whoever got this, once.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="StartedAt">When it was seen first.</param>
/// <param name="EndedAt">When it was seen to be over; null: it is on.</param>
public sealed record LookupAlertTurn(LookupAlert Alert, DateTimeOffset StartedAt, DateTimeOffset? EndedAt);
