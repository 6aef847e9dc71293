namespace Tidemark.Lookups;

/// <summary>What a lookup has done.</summary>
public readonly record struct LookupCounts
{
    /// <summary>Answers that were served from what is kept, stale ones and those that others had asked for at the same time included.</summary>
    public long Hits { get; init; }

    /// <summary>Answers that had to be bought.</summary>
    public long Misses { get; init; }

    /// <summary>Hits after their time, as no other answer could be had.</summary>
    public long Stale { get; init; }

    /// <summary>Times that it was served that there is no answer.</summary>
    public long Negative { get; init; }

    /// <summary>Requests without an answer.</summary>
    public long Failures { get; init; }

    /// <summary>Calls that were sent.</summary>
    public long Calls { get; init; }

    /// <summary>What they cost, in the unit of the source's quota.</summary>
    public double CostSpent { get; init; }

    /// <summary>What the hits would have cost.</summary>
    public double CostSaved { get; init; }

    /// <summary>Both together.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    public static LookupCounts operator +(LookupCounts a, LookupCounts b) => new()
    {
        Hits = a.Hits + b.Hits,
        Misses = a.Misses + b.Misses,
        Stale = a.Stale + b.Stale,
        Negative = a.Negative + b.Negative,
        Failures = a.Failures + b.Failures,
        Calls = a.Calls + b.Calls,
        CostSpent = a.CostSpent + b.CostSpent,
        CostSaved = a.CostSaved + b.CostSaved,
    };

    /// <summary>Both together.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    public static LookupCounts Add(LookupCounts a, LookupCounts b) => a + b;
}
