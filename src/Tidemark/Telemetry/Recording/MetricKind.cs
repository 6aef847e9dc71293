namespace Tidemark.Telemetry.Recording;

/// <summary>What a metric is.</summary>
public enum MetricKind
{
    /// <summary>A number that only grows.</summary>
    Counter,

    /// <summary>A number as it is now; it goes up and down.</summary>
    Gauge,

    /// <summary>How many values there were, and how large.</summary>
    Histogram,
}
