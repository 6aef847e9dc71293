using System.Runtime.InteropServices;

namespace Tidemark.Lookups.Keeping;

/// <summary>
/// Counts hits, and knows which are not written yet. Pure, but for its lock: who reads a count from the database adds what is not in it, and reads again if counts were being written meanwhile.
/// </summary>
internal sealed class HitLedger
{
    private readonly Lock _lock = new();
    private Dictionary<string, long> _waiting = new(StringComparer.Ordinal);
    private Dictionary<string, long>? _flying;
    private TaskCompletionSource _written = new();
    private LookupCounts _counts;
    // Changes whenever counts begin or end to be written.
    private long _generation;

    /// <summary>How many keys wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock) return _waiting.Count;
        }
    }

    /// <summary>Counts a hit.</summary>
    /// <param name="entry">What was served.</param>
    /// <param name="stale">True if its time is over.</param>
    /// <param name="saved">What it would have cost.</param>
    /// <returns>Its count, this hit included.</returns>
    public long Hit(KeptEntry entry, bool stale, double saved)
    {
        lock (_lock)
        {
            _counts += new LookupCounts { Hits = 1, Stale = stale ? 1 : 0, CostSaved = saved };
            CollectionsMarshal.GetValueRefOrAddDefault(_waiting, entry.Key, out _)++;
            return ++entry.Hits;
        }
    }

    /// <summary>Counts anything else.</summary>
    public void Add(LookupCounts counts)
    {
        lock (_lock) _counts += counts;
    }

    /// <summary>Gives an entry the count that its row had, and what is not in it yet.</summary>
    /// <param name="entry">The entry; nobody else has it yet.</param>
    /// <param name="written">The row's count.</param>
    /// <param name="generation">The generation before the row was read, when none of its hits was being written.</param>
    /// <returns>False if counts were written meanwhile: the row has to be read again.</returns>
    public bool TryBegin(KeptEntry entry, long written, long generation)
    {
        lock (_lock)
        {
            if (_generation != generation) return false;
            entry.Hits = written + _waiting.GetValueOrDefault(entry.Key);
            return true;
        }
    }

    /// <summary>Waits until no count of these keys is being written.</summary>
    /// <returns>The generation then.</returns>
    public async Task<long> QuietAsync(IReadOnlyCollection<string> keys)
    {
        while (true)
        {
            Task written;
            lock (_lock)
            {
                if (_flying is not { } flying || !keys.Any(flying.ContainsKey)) return _generation;
                written = _written.Task;
            }
            await written;
        }
    }

    /// <summary>Begins to write: what is to be added to rows, and to the lookup's own counts.</summary>
    public (IReadOnlyDictionary<string, long> Hits, LookupCounts Counts) BeginFlush()
    {
        lock (_lock)
        {
            var flushed = (_waiting, _counts);
            (_flying, _waiting, _counts) = (_waiting, new Dictionary<string, long>(StringComparer.Ordinal), default);
            _written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _generation++;
            return flushed;
        }
    }

    /// <summary>Ends it.</summary>
    /// <param name="hitsWritten">False: the hits wait again.</param>
    /// <param name="unwritten">What of the lookup's counts waits again.</param>
    public void EndFlush(bool hitsWritten, LookupCounts unwritten)
    {
        lock (_lock)
        {
            if (!hitsWritten)
            {
                foreach (var (key, hits) in _flying!) CollectionsMarshal.GetValueRefOrAddDefault(_waiting, key, out _) += hits;
            }
            _counts += unwritten;
            _flying = null;
            _generation++;
            _written.SetResult();
        }
    }
}
