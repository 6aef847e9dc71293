namespace Tidemark.Scanning;

/// <summary>How a stream is read incrementally.</summary>
public sealed record IncrementalDefinition
{
    /// <summary>The record's field that moves at each update; a path for a nested one.</summary>
    public string CursorField { get; init; } = "";

    /// <summary>How the source orders records by the cursor field; checked while reading. Default: none.</summary>
    public RowOrder RowOrder { get; init; } = RowOrder.None;

    /// <summary>How far before the watermark reading begins again, for late arrivals. Default 0. Needs a time as cursor value, and merge.</summary>
    public TimeSpan LookbackWindow { get; init; }

    /// <summary>What happens to records whose cursor value is null, absent or unreadable. They never stop a scan. Default: include.</summary>
    public OnCursorValueMissing OnCursorValueMissing { get; init; } = OnCursorValueMissing.Include;

    /// <summary>Older records are not taken on the first run. Default: none.</summary>
    public string? InitialValue { get; init; }

    /// <summary>What a cursor value is. Default: what it looks like.</summary>
    public CursorFormat CursorFormat { get; init; } = CursorFormat.Auto;
}
