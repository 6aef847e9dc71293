using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.Saving;

/// <summary>Where a batch writer writes, and when it closes a batch. Checked when the writer is made.</summary>
public sealed record BatchWriterOptions
{
    /// <summary>The database; nothing is connected before the first item.</summary>
    public required DestinationDefinition Destination { get; init; }

    /// <summary>The table; it is made and widened as items need.</summary>
    public required string Table { get; init; }

    /// <summary>The fields of the primary key: rows with the same are updated, others inserted. Empty, the default: each item is a new row.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>The top-level field that orders versions of a row: an older one never overwrites a newer one. Null, the default: the last one wins.</summary>
    public string? CursorField { get; init; }

    /// <summary>Declared columns; the rest is inferred.</summary>
    public IReadOnlyList<DeclaredColumn> Columns { get; init; } = [];

    /// <summary>What becomes of fields that the table has no room for; default: it gets new columns.</summary>
    public SchemaContract SchemaContract { get; init; }

    /// <summary>Items that close a batch, 1 to <see cref="MaxCount"/>; default 10.</summary>
    public int Count { get; init; } = 10;

    /// <summary>The age of the oldest item that closes a batch; default 30 s.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Items that one batch takes at most, 1 or more; default 5000. While a batch is being written the next one fills up to here; then adding waits.</summary>
    public int MaxCount { get; init; } = 5000;

    /// <summary>Bytes of items as JSON that close a batch, and that it takes at most; default 4 MiB. A single larger item is a batch of its own.</summary>
    public long MaxBytes { get; init; } = 4 << 20;

    /// <summary>True to tell the number of each row, where the database has one; default false.</summary>
    public bool WithRowIds { get; init; }

    /// <summary>Keeps items that were rejected; it has to be durable when its task completes, for then the others are committed. Null, the default: only their receipts tell.</summary>
    public Func<IReadOnlyList<RejectedItem>, CancellationToken, Task>? KeepRejected { get; init; }

    /// <summary>
    /// True to take no more after a batch that the database did not take: each call fails with its error then. False, the default: the receipts of that batch tell, and the next batch is
    /// tried.
    /// </summary>
    public bool StopsOnFailure { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Spreads waits between attempts.</summary>
    public Random Random { get; init; } = new();

    internal StreamTarget Target => new()
    {
        PipelineName = "save",
        Stream = Table,
        Table = Table,
        Disposition = Key.Count > 0 ? WriteDisposition.Merge : WriteDisposition.Append,
        Schema = new BatchSchema { PrimaryKey = Key, Columns = Columns },
        CursorField = CursorField,
        SchemaContract = SchemaContract,
    };

    internal void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(Table);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Count, MaxCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Period, TimeSpan.Zero);
    }
}
