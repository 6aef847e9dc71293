namespace Tidemark.Saving;

/// <summary>What a batch writer has done so far, and what waits.</summary>
public sealed record BatchWriterStatistics
{
    /// <summary>Items that were added.</summary>
    public required long Added { get; init; }

    /// <summary>New rows.</summary>
    public required long Inserted { get; init; }

    /// <summary>Rows that changed.</summary>
    public required long Updated { get; init; }

    /// <summary>Items that changed nothing: equal to their row, or older than it.</summary>
    public required long Unchanged { get; init; }

    /// <summary>Items that another one of the same key, in the same batch, has overtaken.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Items that were not written because of what they are.</summary>
    public required long Rejected { get; init; }

    /// <summary>Items of batches that the database did not take.</summary>
    public required long Failed { get; init; }

    /// <summary>Batches that were committed: transactions.</summary>
    public required long Batches { get; init; }

    /// <summary>Attempts that were repeated after an error that passed.</summary>
    public required long Retries { get; init; }

    /// <summary>Items that wait or are being written.</summary>
    public required long Waiting { get; init; }

    /// <summary>How long the oldest of those that wait for their batch to close has waited; zero if none does.</summary>
    public required TimeSpan OldestAge { get; init; }

    /// <summary>Items a second that became durable, over the last ten seconds, or since the start if that is less.</summary>
    public required double ItemsPerSecond { get; init; }

    /// <summary>Items that are on disk.</summary>
    public long Durable => Inserted + Updated + Unchanged + Duplicates;

    /// <summary>The share of items that were not written, 0 to 1, of those whose fate is known.</summary>
    public double ErrorRate => Durable + Rejected + Failed is > 0 and var known ? (double)(Rejected + Failed) / known : 0;
}
