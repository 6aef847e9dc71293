namespace Tidemark.Runs;

/// <summary>What one run is asked to do.</summary>
public sealed record RunOptions
{
    /// <summary>The streams to run, in declared order; empty: all.</summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    /// <summary>True to read everything again, whatever the watermark says.</summary>
    public bool Full { get; init; }

    /// <summary>Records a stream after which the run stops; the scan counts as incomplete, and the next run goes on there. Null: no limit.</summary>
    public long? Limit { get; init; }

    /// <summary>Reads from this cursor value instead of the watermark, and leaves the watermark alone.</summary>
    public string? Since { get; init; }

    /// <summary>How long to wait for a stream that somebody else is writing; default 30 s.</summary>
    public TimeSpan LeaseWait { get; init; } = TimeSpan.FromSeconds(30);
}
