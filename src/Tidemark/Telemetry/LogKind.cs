namespace Tidemark.Telemetry;

/// <summary>A kind of log, each in files of its own.</summary>
public enum LogKind
{
    /// <summary>What happened: runs, streams, retries, warnings.</summary>
    Application,

    /// <summary>A line a call to a source.</summary>
    Access,

    /// <summary>A line a point of a metric.</summary>
    Metrics,
}
