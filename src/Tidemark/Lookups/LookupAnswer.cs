namespace Tidemark.Lookups;

/// <summary>An answer to one key.</summary>
public sealed record LookupAnswer
{
    /// <summary>The value, UTF-8 JSON; empty: the source has none.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>True if nothing was bought for this caller.</summary>
    public bool Cached { get; init; }

    /// <summary>True if its time is over, and no other could be had.</summary>
    public bool Stale { get; init; }

    /// <summary>True if another caller, who asked at the same time, has bought it.</summary>
    public bool Collapsed { get; init; }

    /// <summary>How often it was served from what is kept, this time included.</summary>
    public long HitCount { get; init; }

    /// <summary>When it was bought.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it is fresh.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What it has cost now: its share of the call that was made for it.</summary>
    public double Cost { get; init; }

    /// <summary>Why there is none; null: there is one. Only where several were asked for at once.</summary>
    public LookupException? Problem { get; init; }
}
