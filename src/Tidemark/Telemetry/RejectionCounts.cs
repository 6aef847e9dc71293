namespace Tidemark.Telemetry;

/// <summary>
/// How many records of a stream the rules have rejected in this run, by reason. Any number of tasks count, and the sum is exact; the number of reasons is bounded, and what comes
/// beyond it is counted together. Records that are not rejected do not come here.
/// </summary>
internal sealed class RejectionCounts
{
    /// <summary>How many reasons have a count of their own.</summary>
    public const int Most = 100;

    /// <summary>What all other reasons are counted under.</summary>
    public const string Others = "other reasons";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts a record.</summary>
    /// <param name="reason">Rule and field, nothing of the record.</param>
    public void Add(string reason)
    {
        lock (_lock)
        {
            var key = _counts.Count < Most || _counts.ContainsKey(reason) ? reason : Others;
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
        }
    }

    /// <summary>What was counted so far, the most frequent reason first.</summary>
    public IReadOnlyDictionary<string, long> Snapshot()
    {
        lock (_lock)
        {
            return new OrderedDictionary<string, long>(_counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal), StringComparer.Ordinal);
        }
    }
}
