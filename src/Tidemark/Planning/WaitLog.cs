using Tidemark.Quotas;

namespace Tidemark.Planning;

/// <summary>What the calls of a stream have waited for, and how long in all.</summary>
internal sealed class WaitLog
{
    private readonly Dictionary<(string Quota, QuotaMeterKind Kind, string About), long> _waits = [];

    /// <summary>How often a wait was too long to sleep: the run ends, and another one goes on.</summary>
    public int Parks { get; private set; }

    /// <summary>The limits, the one that was waited for longest first, with microseconds.</summary>
    public IEnumerable<(string Quota, QuotaMeterKind Kind, string About, long Waited)> Longest =>
        _waits.Select(w => (w.Key.Quota, w.Key.Kind, w.Key.About, w.Value)).OrderByDescending(w => w.Value);

    /// <summary>Notes a wait that is over.</summary>
    public void Add(string quota, QuotaDelay cause, long microseconds)
    {
        var key = (quota, cause.Kind, cause.About);
        _waits[key] = _waits.GetValueOrDefault(key) + microseconds;
    }

    /// <summary>Notes that the run ends here.</summary>
    public void Park() => Parks++;
}
