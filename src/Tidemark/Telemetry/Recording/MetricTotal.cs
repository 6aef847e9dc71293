namespace Tidemark.Telemetry.Recording;

/// <summary>What one series of a metric has measured since its reader began.</summary>
public sealed record MetricTotal
{
    /// <summary>The metric's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required MetricKind Kind { get; init; }

    /// <summary>The unit, in UCUM: <c>s</c>, <c>{record}</c>; null: none.</summary>
    public string? Unit { get; init; }

    /// <summary>What it measures, for people; null: not said.</summary>
    public string? Description { get; init; }

    /// <summary>Which series it is.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];

    /// <summary>How many measurements there were.</summary>
    public long Count { get; init; }

    /// <summary>Counter and histogram: the sum. Gauge: the value.</summary>
    public double Value { get; init; }

    /// <summary>Histogram: the upper bounds of its buckets, rising, each bound included; what is larger is in none of them.</summary>
    public IReadOnlyList<double> Bounds { get; init; } = [];

    /// <summary>Histogram: how many measurements are in each bucket, those of the buckets before it not counted.</summary>
    public IReadOnlyList<long> Buckets { get; init; } = [];
}
