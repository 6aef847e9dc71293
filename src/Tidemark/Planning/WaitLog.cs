using Tidemark.Quotas;

namespace Tidemark.Planning;

/// <summary>What the calls of a stream have waited for, and how long in all.</summary>
internal sealed class WaitLog
{
    private readonly Dictionary<(string Quota, QuotaMeterKind Kind, string About), long> _waits = [];
    private readonly HashSet<long> _parks = [];

    /// <summary>How often a wait was too long to sleep: the run ends, and another one goes on. Readings side by side that wait for the same moment are parked once.</summary>
    public int Parks => _parks.Count;

    /// <summary>The limits, the one that was waited for longest first, with microseconds.</summary>
    public IEnumerable<(string Quota, QuotaMeterKind Kind, string About, long Waited)> Longest =>
        _waits.Select(w => (w.Key.Quota, w.Key.Kind, w.Key.About, w.Value)).OrderByDescending(w => w.Value);

    /// <summary>Notes a wait that is over.</summary>
    public void Add(string quota, QuotaDelay cause, long microseconds)
    {
        var key = (quota, cause.Kind, cause.About);
        _waits[key] = _waits.GetValueOrDefault(key) + microseconds;
    }

    /// <summary>Notes that the run ends, to go on at a moment.</summary>
    public void Park(long until) => _parks.Add(until / 1_000_000);
}
