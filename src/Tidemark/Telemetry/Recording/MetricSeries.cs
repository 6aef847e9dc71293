namespace Tidemark.Telemetry.Recording;

/// <summary>One series of a metric: what was measured since its last point. It takes the same memory however much is measured.</summary>
internal sealed class MetricSeries(string name, MetricKind kind, string? unit, IReadOnlyList<KeyValuePair<string, string>> labels)
{
    private long _count;
    private double _value;
    private double _total;
    private double _min;
    private double _max;

    public void Add(double value)
    {
        _min = _count == 0 ? value : Math.Min(_min, value);
        _max = _count == 0 ? value : Math.Max(_max, value);
        _value = kind == MetricKind.Gauge ? value : _value + value;
        _total += value;
        _count++;
    }

    /// <summary>The point of what was measured, which begins anew; null: nothing was.</summary>
    public MetricPoint? Take(DateTimeOffset now)
    {
        if (_count == 0) return null;
        var point = new MetricPoint { Time = now, Name = name, Kind = kind, Unit = unit, Labels = labels, Count = _count, Value = _value, Total = _total, Min = _min, Max = _max };
        (_count, _value) = (0, 0);
        return point;
    }
}
