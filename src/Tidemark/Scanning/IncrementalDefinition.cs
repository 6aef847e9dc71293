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

/// <summary>The order of records at the source, by cursor value.</summary>
public enum RowOrder
{
    /// <summary>Unknown: every page has to be read.</summary>
    None,

    /// <summary>Oldest first: the watermark moves with each batch.</summary>
    Asc,

    /// <summary>Newest first: the scan stops at the first record older than the watermark.</summary>
    Desc,
}

/// <summary>What happens to a record without a usable cursor value.</summary>
public enum OnCursorValueMissing
{
    /// <summary>It is taken.</summary>
    Include,

    /// <summary>It is skipped.</summary>
    Exclude,

    /// <summary>The stream fails.</summary>
    Fail,
}

/// <summary>What a cursor value is.</summary>
public enum CursorFormat
{
    /// <summary>What it looks like: ISO 8601 is a time; a number is epoch seconds or milliseconds where it falls between 2001 and tomorrow, else an integer; anything else is text.</summary>
    Auto,

    /// <summary>A date or time, ISO 8601, with any offset and up to 9 decimals; without an offset it is UTC.</summary>
    Iso8601,

    /// <summary>Seconds since 1970.</summary>
    EpochS,

    /// <summary>Milliseconds since 1970.</summary>
    EpochMs,

    /// <summary>A number without a meaning as time.</summary>
    Integer,

    /// <summary>Text, compared by code points.</summary>
    Text,
}
