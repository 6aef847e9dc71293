namespace Tidemark.Lookups;

/// <summary>Where a field of the history comes from: a header or a parameter of the request.</summary>
public sealed record HistoryField
{
    /// <summary>The header; null: none.</summary>
    public string? Header { get; init; }

    /// <summary>The parameter; null: none.</summary>
    public string? Param { get; init; }

    /// <summary>What it is where neither is there; null (default): nothing.</summary>
    public string? Default { get; init; }

    /// <summary>What it may be; empty (default): any text of at most 36 characters.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}
