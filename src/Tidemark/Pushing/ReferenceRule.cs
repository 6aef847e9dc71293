namespace Tidemark.Pushing;

/// <summary>A value that must be found in a table before a record is written. All values of a write are looked up with one query a rule.</summary>
public sealed record ReferenceRule
{
    /// <summary>The top-level field whose value is looked up: of the record, or of the request.</summary>
    public required string Value { get; init; }

    /// <summary>The table that it is looked up in.</summary>
    public required string Table { get; init; }

    /// <summary>The column that it has to equal.</summary>
    public required string Match { get; init; }

    /// <summary>What else has to hold of the row.</summary>
    public IReadOnlyList<ReferenceFilter> Where { get; init; } = [];

    /// <summary>What is answered when it is not there; <c>{field}</c> stands for a field of the record, else of the request. Null: a text of ours.</summary>
    public string? Message { get; init; }

    /// <summary>Whose value it is.</summary>
    public ReferenceScope Scope { get; init; }
}
