using System.Globalization;
using Tidemark.Simulators.Traffic;

namespace Tidemark.Simulators.Hosting;

/// <summary>Counts calls when they arrive, so that whoever holds an answer finds it counted.</summary>
internal sealed class CallCounter(SimulatorOptions options)
{
    private readonly TimeProvider _time = options.Time;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _byField = new(StringComparer.Ordinal);
    private readonly WindowPeak _peak = new(options.Window);
    private readonly BusyMeter _busy = new();
    private readonly long _start = options.Time.GetTimestamp();
    private long _total;
    private long _refused;

    public void Arrived(string path)
    {
        lock (_lock)
        {
            _total++;
            Add(_byPath, path);
            var now = Now();
            _peak.Add(now);
            _busy.Enter(now);
        }
    }

    public void Answered()
    {
        lock (_lock)
            _busy.Leave(Now());
    }

    public void AskedFor(IEnumerable<string> fields)
    {
        lock (_lock)
        {
            foreach (var field in fields)
                Add(_byField, field);
        }
    }

    public void Refused()
    {
        lock (_lock)
            _refused++;
    }

    public void Clear()
    {
        lock (_lock)
        {
            _total = _refused = 0;
            _byPath.Clear();
            _byField.Clear();
            _peak.Clear();
            _busy.Clear(Now());
        }
    }

    public SimulatorCalls Snapshot()
    {
        lock (_lock)
        {
            return new SimulatorCalls
            {
                Total = _total,
                Refused = _refused,
                Allowed = _total - _refused,
                ByPath = new SortedDictionary<string, long>(_byPath, StringComparer.Ordinal),
                ByField = new SortedDictionary<string, long>(_byField, StringComparer.Ordinal),
                MaxInWindow = new Dictionary<string, long>(StringComparer.Ordinal)
                {
                    [_peak.Length.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + "s"] = _peak.Most,
                },
                MostAtOnce = _busy.Most,
                AverageAtOnce = _busy.Average(Now()),
            };
        }
    }

    private TimeSpan Now() => _time.GetElapsedTime(_start);

    private static void Add(Dictionary<string, long> counts, string key) =>
        counts[key] = counts.GetValueOrDefault(key) + 1;
}
