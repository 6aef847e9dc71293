namespace Tidemark.Telemetry.Recording;

/// <summary>What one series of a metric has measured since its point before.</summary>
public sealed record MetricPoint
{
    /// <summary>When it was taken.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The metric's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required MetricKind Kind { get; init; }

    /// <summary>The unit, in UCUM: <c>s</c>, <c>{record}</c>; null: none.</summary>
    public string? Unit { get; init; }

    /// <summary>Which series it is.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];

    /// <summary>How many measurements there were since the point before.</summary>
    public long Count { get; init; }

    /// <summary>Counter: how much it grew since the point before. Gauge: its value. Histogram: the sum of its values since the point before.</summary>
    public double Value { get; init; }

    /// <summary>Counter: how much it grew since the recording began.</summary>
    public double Total { get; init; }

    /// <summary>Histogram: the smallest value since the point before.</summary>
    public double Min { get; init; }

    /// <summary>Histogram: the largest value since the point before.</summary>
    public double Max { get; init; }
}
