namespace Tidemark.Lookups;

/// <summary>How long an alert was on.</summary>
/// <param name="StartedAt">When it was seen first.</param>
/// <param name="EndedAt">When it was seen to be over; null: it is on.</param>
public sealed record AlertSpan(DateTimeOffset StartedAt, DateTimeOffset? EndedAt);
