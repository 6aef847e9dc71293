namespace Tidemark.Slices;

/// <summary>A slice as the store knows it. What counts is its checkpoint in the destination; this is a copy for people and statistics.</summary>
/// <param name="Slice">The slice.</param>
/// <param name="Status">How far it has come.</param>
public sealed record SliceState(string Slice, SliceStatus Status)
{
    /// <summary>How often it was begun in this import.</summary>
    public int Attempts { get; init; }

    /// <summary>Records read in this import.</summary>
    public long Read { get; init; }

    /// <summary>Records that failed in this import.</summary>
    public long Failed { get; init; }

    /// <summary>Why its last attempt failed; null: it did not.</summary>
    public string? Error { get; init; }

    /// <summary>When it was begun last; null: not yet.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended last; null: not yet.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
