using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Tidemark.Telemetry.Recording;

/// <summary>Listens to a meter and sums up by series, so that memory depends on how many series there are, not on how much is measured nor on how seldom points are taken.</summary>
internal sealed class MeterReader : IDisposable
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

    /// <param name="meter">The meter's name.</param>
    public MeterReader(string meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (string.Equals(instrument.Meter.Name, meter, StringComparison.Ordinal) && KindOf(instrument) is { } kind) listener.EnableMeasurementEvents(instrument, kind);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, kind) => Add(instrument, value, tags, (MetricKind)kind!));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, kind) => Add(instrument, value, tags, (MetricKind)kind!));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, kind) => Add(instrument, value, tags, (MetricKind)kind!));
        _listener.Start();
    }

    /// <summary>Counts points that were lost.</summary>
    public void Drop(long points)
    {
        lock (_lock) _dropped.Add(points);
    }

    /// <summary>A point for each series that was measured since the last call.</summary>
    public IReadOnlyList<MetricPoint> Take(DateTimeOffset now)
    {
        _listener.RecordObservableInstruments();
        lock (_lock) return [.. _series.Values.Append(_dropped).Select(s => s.Take(now)).OfType<MetricPoint>()];
    }

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
                _series[key] = series = new MetricSeries(instrument.Name, kind, instrument.Unit, Labels(tags));
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
        var type when type == typeof(Gauge<>) || type == typeof(ObservableGauge<>) => MetricKind.Gauge,
        _ => null,
    };
}
