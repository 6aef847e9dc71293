using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Tables;

/// <summary>What a table has to be like.</summary>
internal sealed record TablePlan
{
    /// <summary>The schema in which the tables of ours are; null: the table's own.</summary>
    public string? OurSchema { get; init; }

    /// <summary>The fields of the primary key; empty: none.</summary>
    public IReadOnlyList<string> KeyFields { get; init; } = [];

    /// <summary>Columns of ours that it has to have, with their types.</summary>
    public IReadOnlyList<(string Name, ColumnType Type)> OwnColumns { get; init; } = [];

    /// <summary>The table that it stands for in messages; null: itself.</summary>
    public TableName? StandsFor { get; init; }

    /// <summary>What becomes of fields and values that it has no room for.</summary>
    public SchemaContract Contract { get; init; }

    /// <summary>Indexes that it has to have beside its primary key.</summary>
    public IReadOnlyList<TableIndex> Indexes { get; init; } = [];

    /// <summary>How it is partitioned when it is made; null: it is not.</summary>
    public TablePartitioning? Partitioning { get; init; }
}
