namespace Tidemark.Destinations;

/// <summary>What guards a table when a full scan is complete.</summary>
public sealed record FinishOptions
{
    /// <summary>The share of the table's rows that may be lost, 0 to 1; default 0.2.</summary>
    public double MaxDelete { get; init; } = 0.2;

    /// <summary>True if an empty result may empty the table; default false.</summary>
    public bool AllowEmpty { get; init; }

    /// <summary>How many records of this scan were refused: they count as seen. Rows lost are never more than unseen rows less these.</summary>
    public long FailedRecords { get; init; }

    /// <summary>When rows are marked as deleted.</summary>
    public required DateTimeOffset Now { get; init; }
}
