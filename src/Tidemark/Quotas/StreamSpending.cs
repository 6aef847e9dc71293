namespace Tidemark.Quotas;

/// <summary>What the calls of a stream have spent in a day.</summary>
/// <param name="Calls">How many calls were sent.</param>
/// <param name="Cost">What they cost.</param>
public sealed record StreamSpending(long Calls, double Cost);
