namespace Tidemark.Records;

/// <summary>What the configuration says of a stream's columns; everything else follows from what arrives.</summary>
public sealed record BatchSchema
{
    /// <summary>The columns that make a record's identity, in order; empty: none.</summary>
    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    /// <summary>Declared columns.</summary>
    public IReadOnlyList<DeclaredColumn> Columns { get; init; } = [];

    /// <summary>What becomes of objects; lists are always kept as JSON.</summary>
    public NestedValues Nested { get; init; }
}
