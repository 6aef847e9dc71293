using Tidemark.Records;

namespace Tidemark.Destinations;

/// <summary>Where and how the records of a stream are written.</summary>
public sealed record StreamTarget
{
    /// <summary>The pipeline's name: with the stream's, the identity of the checkpoint.</summary>
    public required string PipelineName { get; init; }

    /// <summary>The stream's name.</summary>
    public required string Stream { get; init; }

    /// <summary>The slice of the stream that is written: its checkpoint and its lease are its own. Empty (default): the stream as a whole.</summary>
    public string Slice { get; init; } = "";

    /// <summary>The table, as the user wrote it; quoting is the destination's.</summary>
    public required string Table { get; init; }

    /// <summary>What becomes of records.</summary>
    public WriteDisposition Disposition { get; init; } = WriteDisposition.Merge;

    /// <summary>Primary key and declared columns.</summary>
    public BatchSchema Schema { get; init; } = new();

    /// <summary>The top-level field that orders versions of a row: merge writes only where the stored value is null or not newer. Null: the last one wins.</summary>
    public string? CursorField { get; init; }

    /// <summary>True to let older overwrite newer in this run (<c>--full</c>).</summary>
    public bool IgnoreCursor { get; init; }

    /// <summary>What becomes of rows that the source no longer has.</summary>
    public Deletions Deletions { get; init; }

    /// <summary>What becomes of fields and values that the table has no room for.</summary>
    public SchemaContract SchemaContract { get; init; }

    /// <summary>Indexes that the table has to have beside its primary key.</summary>
    public IReadOnlyList<TableIndex> Indexes { get; init; } = [];

    /// <summary>How a new table is partitioned; null: it is not. A destination that knows no partitions refuses it.</summary>
    public TablePartitioning? Partitioning { get; init; }
}
