using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Tidemark.Telemetry.Recording;

/// <summary>Listens to meters and sums up by series, so that memory depends on how many series there are, not on how much is measured nor on how seldom it is read. Safe for several tasks.</summary>
public sealed class MeterReader : IDisposable
{
    /// <summary>The metric that counts what could not be kept: measurements of too many series, points that no disk took.</summary>
    public const string DroppedName = "tidemark.telemetry.dropped";

    /// <summary>More series than that can only come from a label that takes its values from data.</summary>
    private const int MostSeries = 1000;

    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly MetricSeries _dropped = new(DroppedName, MetricKind.Counter, "{point}", []);
    private readonly StringBuilder _key = new();

    /// <summary>Begins to listen.</summary>
    /// <param name="meters">The meters' names; none: the meter <c>Tidemark</c>.</param>
    public MeterReader(params IReadOnlyCollection<string> meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        if (meters.Count == 0) meters = [TidemarkMeter.Name];
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meters.Contains(instrument.Meter.Name, StringComparer.Ordinal) && KindOf(instrument) is { } kind) listener.EnableMeasurementEvents(instrument, kind);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, kind) => Add(instrument, value, tags, (MetricKind)kind!));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, kind) => Add(instrument, value, tags, (MetricKind)kind!));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, kind) => Add(instrument, value, tags, (MetricKind)kind!));
        _listener.Start();
    }

    /// <summary>Counts points that were lost.</summary>
    /// <param name="points">How many.</param>
    public void Drop(long points)
    {
        lock (_lock) _dropped.Add(points);
    }

    /// <summary>A point for each series that was measured since the last call.</summary>
    /// <param name="now">The present time.</param>
    public IReadOnlyList<MetricPoint> Take(DateTimeOffset now)
    {
        _listener.RecordObservableInstruments();
        lock (_lock) return [.. _series.Values.Append(_dropped).Select(s => s.Take(now)).OfType<MetricPoint>()];
    }

    /// <summary>What each series has measured since the reader began, by name and labels.</summary>
    public IReadOnlyList<MetricTotal> Totals()
    {
        _listener.RecordObservableInstruments();
        lock (_lock) return [.. _series.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Value).Append(_dropped).Select(s => s.Total()).OfType<MetricTotal>()];
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, MetricKind kind)
    {
        lock (_lock)
        {
            _key.Clear().Append(instrument.Name);
            foreach (var (name, label) in tags) _key.Append('\0').Append(name).Append('\0').Append(label);
            var key = _key.ToString();
            if (!_series.TryGetValue(key, out var series))
            {
                if (_series.Count == MostSeries)
                {
                    _dropped.Add(1);
                    return;
                }
                _series[key] = series = new MetricSeries(instrument, kind, Labels(tags));
            }
            series.Add(value);
        }
    }

    private static List<KeyValuePair<string, string>> Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new List<KeyValuePair<string, string>>(tags.Length);
        foreach (var (name, label) in tags) labels.Add(new(name, Convert.ToString(label, CultureInfo.InvariantCulture) ?? ""));
        return labels;
    }

    // Other instruments are not listened to: what they report would need another way of summing up.
    private static MetricKind? KindOf(Instrument instrument) => instrument.GetType().GetGenericTypeDefinition() switch
    {
        var type when type == typeof(Counter<>) => MetricKind.Counter,
        var type when type == typeof(Histogram<>) => MetricKind.Histogram,
        var type when type == typeof(Gauge<>) || type == typeof(ObservableGauge<>) || type == typeof(UpDownCounter<>) => MetricKind.Gauge,
        _ => null,
    };
}
