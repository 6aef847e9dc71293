using System.Diagnostics.Metrics;

namespace Tidemark.Telemetry.Recording;

/// <summary>One series of a metric: what was measured since its last point, and in all. It takes the same memory however much is measured.</summary>
internal sealed class MetricSeries
{
    // As OpenTelemetry has them where an instrument does not advise others.
    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly double[] Amounts = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];

    private readonly string _name;
    private readonly MetricKind _kind;
    private readonly string? _unit;
    private readonly string? _description;
    private readonly IReadOnlyList<KeyValuePair<string, string>> _labels;
    private readonly bool _sums;
    private readonly double[] _bounds;
    private readonly long[] _buckets;

    // Since the last point.
    private long _count;
    private double _value;
    private double _min;
    private double _max;

    // In all.
    private long _allCount;
    private double _all;

    /// <summary>A series of an instrument.</summary>
    public MetricSeries(Instrument instrument, MetricKind kind, IReadOnlyList<KeyValuePair<string, string>> labels)
        : this(instrument.Name, kind, instrument.Unit, labels)
    {
        _description = instrument.Description;
        _sums = IsChange(instrument);
        if (kind != MetricKind.Histogram) return;
        _bounds = Advice(instrument) ?? (string.Equals(instrument.Unit, "s", StringComparison.Ordinal) ? Seconds : Amounts);
        _buckets = new long[_bounds.Length];
    }

    /// <summary>A series of no instrument.</summary>
    public MetricSeries(string name, MetricKind kind, string? unit, IReadOnlyList<KeyValuePair<string, string>> labels) =>
        (_name, _kind, _unit, _labels, _bounds, _buckets) = (name, kind, unit, labels, [], []);

    public void Add(double value)
    {
        if (_kind == MetricKind.Gauge) value = _all = _sums ? _all + value : value;
        else _all += value;
        _min = _count == 0 ? value : Math.Min(_min, value);
        _max = _count == 0 ? value : Math.Max(_max, value);
        _value = _kind == MetricKind.Gauge ? value : _value + value;
        _count++;
        _allCount++;
        var bucket = Array.FindIndex(_bounds, b => value <= b);
        if (bucket >= 0) _buckets[bucket]++;
    }

    /// <summary>The point of what was measured, which begins anew; null: nothing was.</summary>
    public MetricPoint? Take(DateTimeOffset now)
    {
        if (_count == 0) return null;
        var point = new MetricPoint { Time = now, Name = _name, Kind = _kind, Unit = _unit, Labels = _labels, Count = _count, Value = _value, Total = _all, Min = _min, Max = _max };
        (_count, _value) = (0, 0);
        return point;
    }

    /// <summary>What was measured in all; null: nothing was.</summary>
    public MetricTotal? Total() => _allCount == 0 ? null : new MetricTotal
    {
        Name = _name,
        Kind = _kind,
        Unit = _unit,
        Description = _description,
        Labels = _labels,
        Count = _allCount,
        Value = _all,
        Bounds = _bounds,
        Buckets = [.. _buckets],
    };

    // Such an instrument is told by how much its value changes, a gauge what it is.
    private static bool IsChange(Instrument instrument) => instrument.GetType().GetGenericTypeDefinition() == typeof(UpDownCounter<>);

    private static double[]? Advice(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
        _ => null,
    };
}
