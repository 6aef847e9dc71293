using Tidemark.Definitions;

namespace Tidemark.Quotas;

/// <summary>At most so much in any window of an interval, wherever the window begins.</summary>
/// <param name="Limit">How much: the cost of calls, which is 1 for each call where nothing else is said; at least 1.</param>
/// <param name="Interval">How long.</param>
public sealed record QuotaRate(long Limit, TimeSpan Interval)
{
    /// <summary>In words: 100 in 1m.</summary>
    public override string ToString() => $"{Limit} in {Durations.Format(Interval)}";
}
