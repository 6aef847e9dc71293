using System.Globalization;

namespace Tidemark.Simulators.Hosting;

/// <summary>Counts calls when they arrive, so that whoever holds an answer finds it counted.</summary>
internal sealed class CallCounter(SimulatorOptions options)
{
    private readonly TimeSpan _window = options.Interval ?? TimeSpan.FromSeconds(60);
    private readonly TimeProvider _time = options.Time;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _byField = new(StringComparer.Ordinal);
    private readonly Queue<long> _arrivals = new();
    private long _total;
    private long _refused;
    private long _mostInWindow;

    public void Arrived(string path)
    {
        lock (_lock)
        {
            _total++;
            Add(_byPath, path);
            var now = _time.GetTimestamp();
            _arrivals.Enqueue(now);
            while (_time.GetElapsedTime(_arrivals.Peek(), now) >= _window)
                _arrivals.Dequeue();
            _mostInWindow = Math.Max(_mostInWindow, _arrivals.Count);
        }
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
            _total = _refused = _mostInWindow = 0;
            _byPath.Clear();
            _byField.Clear();
            _arrivals.Clear();
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
                ByPath = new SortedDictionary<string, long>(_byPath, StringComparer.Ordinal),
                ByField = new SortedDictionary<string, long>(_byField, StringComparer.Ordinal),
                MaxInWindow = new Dictionary<string, long>(StringComparer.Ordinal)
                {
                    [_window.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + "s"] = _mostInWindow,
                },
            };
        }
    }

    private static void Add(Dictionary<string, long> counts, string key) =>
        counts[key] = counts.GetValueOrDefault(key) + 1;
}
