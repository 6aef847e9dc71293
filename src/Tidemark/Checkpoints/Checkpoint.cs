namespace Tidemark.Checkpoints;

/// <summary>How far a stream has come: committed in the destination, in the same transaction as the rows that it covers.</summary>
public sealed record Checkpoint
{
    /// <summary>A stream that never ran.</summary>
    public static Checkpoint None { get; } = new();

    /// <summary>The largest cursor value that a complete scan has covered, as the source wrote it.</summary>
    public string? Watermark { get; init; }

    /// <summary>When the last complete scan started.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>Where an incomplete scan goes on, in the scan's own form; null if the last scan was complete.</summary>
    public string? Resume { get; init; }

    /// <summary>What is known of the records at the watermark, in the scan's own form.</summary>
    public string? Boundary { get; init; }

    /// <summary>True once a scan has been complete.</summary>
    public bool Complete { get; init; }

    /// <summary>How many records the last complete first or full scan read; null: none yet.</summary>
    public long? LastFullRead { get; init; }

    /// <summary>Counts the committed batches of the stream, over all runs: after a lost answer to COMMIT it tells whether the batch is there.</summary>
    public long BatchNumber { get; init; }
}
