namespace Tidemark.Scanning;

/// <summary>Where a scan stands after a page: what a checkpoint keeps so that a later run can go on, or build on it when the scan was complete.</summary>
public sealed record ScanState
{
    internal CursorKind? Kind { get; init; }

    internal CursorPoint? Max { get; init; }

    internal CursorPoint? FirstPageMax { get; init; }

    internal CursorPoint? Safe { get; init; }

    internal CursorPoint? Last { get; init; }

    internal RememberedRecords Remembered { get; init; } = new();

    /// <summary>True once a page broke the declared order: no early stop any more.</summary>
    public bool OrderBroken { get; init; }

    /// <summary>When the first page was answered.</summary>
    public DateTimeOffset? StartBound { get; init; }

    /// <summary>In ascending order, when the first page was answered that held values of that very moment; null: none did.</summary>
    public DateTimeOffset? AscendingBound { get; init; }

    /// <summary>How many records had no cursor value.</summary>
    public long Missing { get; init; }

    /// <summary>How many records had a cursor value that could not be read.</summary>
    public long Unreadable { get; init; }

    /// <summary>How many records had a cursor value more than a day ahead.</summary>
    public long Future { get; init; }

    /// <summary>The watermark that holds if everything up to this page is committed: with ascending order at any time, else only when the scan is complete.</summary>
    public string? Watermark => Safe?.Text;

    /// <summary>The largest cursor value seen, which the next scan may trust.</summary>
    public string? Largest => Max?.Text;

    /// <summary>What the next scan has to know of the records at the watermark.</summary>
    public string Boundary => ScanStateJson.WriteBoundary(this);

    /// <summary>True if more records lie at or above the watermark than can be remembered: reading them again would go unnoticed.</summary>
    public bool BoundaryForgotten => Remembered.Forgotten is not null;

    /// <summary>True if more records without a cursor value are taken than can be remembered: reading them again would go unnoticed.</summary>
    public bool WithoutForgotten => Remembered.WithoutForgotten;

    /// <summary>True if records without a cursor value are remembered.</summary>
    internal bool RemembersWithout => Remembered.Without.Count > 0;

    /// <summary>The whole state, for a scan that goes on later.</summary>
    public string ToJson() => ScanStateJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The state.</param>
    public static ScanState FromJson(string json) => ScanStateJson.Read(json);
}
