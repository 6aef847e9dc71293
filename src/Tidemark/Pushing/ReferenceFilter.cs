using Tidemark.Records;

namespace Tidemark.Pushing;

/// <summary>A column of a referenced row that has to equal something: exactly one of the three is set.</summary>
public sealed record ReferenceFilter
{
    /// <summary>The column.</summary>
    public required string Column { get; init; }

    /// <summary>A fixed value.</summary>
    public ScalarValue? Constant { get; init; }

    /// <summary>A top-level field of the request.</summary>
    public string? RequestField { get; init; }

    /// <summary>A top-level field of the record.</summary>
    public string? RecordField { get; init; }
}
