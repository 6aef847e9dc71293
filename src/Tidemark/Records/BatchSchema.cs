namespace Tidemark.Records;

/// <summary>What the configuration says of a stream's columns; everything else follows from what arrives.</summary>
public sealed record BatchSchema
{
    /// <summary>The columns that make a record's identity, in order; empty: none.</summary>
    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    /// <summary>Declared columns.</summary>
    public IReadOnlyList<DeclaredColumn> Columns { get; init; } = [];
}

/// <summary>A declared column.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Path">Where in the record its value is; null: in the field of this name.</param>
/// <param name="Type">Its type; null: inferred.</param>
public sealed record DeclaredColumn(string Name, JsonPath? Path, ColumnType? Type);
