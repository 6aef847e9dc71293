using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.Serving;

/// <summary>A table that an endpoint writes, as the user described it. With a primary key records are merged, without one each is a new row.</summary>
public sealed record WriteRule
{
    /// <summary>The top-level field that a record must have, not null, to go here; null: all do.</summary>
    public string? When { get; init; }

    /// <summary>The table.</summary>
    public string Table { get; init; } = "";

    /// <summary>The columns that make a record's identity.</summary>
    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    /// <summary>Declared columns.</summary>
    public IReadOnlyList<DeclaredColumn> Columns { get; init; } = [];

    /// <summary>What becomes of objects inside of records.</summary>
    public NestedValues Nested { get; init; }

    /// <summary>What becomes of fields and values that the table has no room for.</summary>
    public SchemaContract SchemaContract { get; init; }

    /// <summary>Indexes that the table has to have beside its primary key.</summary>
    public IReadOnlyList<TableIndex> Indexes { get; init; } = [];
}
