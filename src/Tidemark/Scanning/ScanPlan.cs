namespace Tidemark.Scanning;

/// <summary>What a scan is asked to do, fixed before its first page.</summary>
public sealed record ScanPlan
{
    /// <summary>How the stream is read incrementally; null: no cursor, every record is taken.</summary>
    public IncrementalDefinition? Incremental { get; init; }

    /// <summary>The watermark of the last complete scan, as the source wrote it; null on a first or full scan.</summary>
    public string? Watermark { get; init; }

    /// <summary>What is known of the records at the watermark, as <see cref="ScanState.Boundary"/> gave it.</summary>
    public string? Boundary { get; init; }

    /// <summary>Older records are not taken, whatever the watermark says (<c>--since</c>, <c>initial_value</c>); null: no bound.</summary>
    public string? Floor { get; init; }

    /// <summary>
    /// True if what is taken is appended: records without a cursor value, and those more than a day ahead, are known by their content then, as nothing else tells that they were taken before. Default: false.
    /// </summary>
    public bool Appends { get; init; }

    /// <summary>
    /// True if it is one of several scans that cover the source together, and whose watermarks are to be one: what its first page shows says nothing of the others.
    /// </summary>
    public bool IsPart { get; init; }

    /// <summary>The source's clock when the first of these scans was answered: nothing newer raises a watermark; null: this is the first one.</summary>
    public DateTimeOffset? PartsAnsweredAt { get; init; }

    /// <summary>When the scan started, by our clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }
}
