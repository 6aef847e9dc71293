namespace Tidemark.Lookups.Keeping;

/// <summary>An answer in memory. What counts its hits changes under the lock of <see cref="HitLedger"/>, all else never.</summary>
/// <param name="key">Its key.</param>
/// <param name="value">Its value, UTF-8 JSON; empty: there is none.</param>
internal sealed class KeptEntry(string key, ReadOnlyMemory<byte> value)
{
    // What an entry takes beside its bytes: objects, a node of the dictionary, a place in the queue.
    private const int Overhead = 320;

    public string Key { get; } = key;

    public ReadOnlyMemory<byte> Value { get; } = value;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What it had cost; null: somebody else bought it.</summary>
    public double? Cost { get; init; }

    public long Hits { get; set; }

    /// <summary>Until when, in ticks of UTC, nobody asks for another one, as that has just failed; where there is no answer it is served as it is.</summary>
    public long RestUntil { get; set; }

    /// <summary>True if it was used since the memory looked at it last.</summary>
    public bool Used { get; set; }

    /// <summary>True if it is in the memory no more.</summary>
    public bool Gone { get; set; }

    public bool IsNegative => Value.IsEmpty;

    public int Size => Overhead + (2 * Key.Length) + Value.Length;

    /// <summary>True if it may be served as it is.</summary>
    /// <param name="now">The present time.</param>
    /// <param name="ttl">How long an answer lives at most: a clock that was set back makes none live longer.</param>
    public bool IsFresh(DateTimeOffset now, TimeSpan ttl) => now < ExpiresAt && ExpiresAt - now <= ttl;

    /// <summary>True if it may be served where no other can be had.</summary>
    public bool IsUsable(DateTimeOffset now, TimeSpan staleFor) => !IsNegative && now - ExpiresAt < staleFor;
}
