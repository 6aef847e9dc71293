using Tidemark.Records;

namespace Tidemark.Runs;

/// <summary>What one page of a stream holds.</summary>
public sealed record DryRunReport
{
    /// <summary>The stream.</summary>
    public required string Stream { get; init; }

    /// <summary>What the next run would read.</summary>
    public required RunMode Mode { get; init; }

    /// <summary>Calls sent.</summary>
    public long Requests { get; init; }

    /// <summary>Records on the page.</summary>
    public int Records { get; init; }

    /// <summary>Records of it that the next run would write.</summary>
    public int Taken { get; init; }

    /// <summary>The inferred or declared columns; no type where only null was seen.</summary>
    public IReadOnlyList<KeyValuePair<string, ColumnType?>> Columns { get; init; } = [];

    /// <summary>The first records, as they arrived.</summary>
    public IReadOnlyList<string> Samples { get; init; } = [];

    /// <summary>Why records of the page would be refused.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
