using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tidemark.Lookups.Keeping;

/// <summary>
/// Counts hits, and knows which are not written yet. Pure, but for its lock: who reads a count from the database adds what is not in it, and reads again if counts were being written meanwhile.
/// </summary>
/// <remarks>
/// Of a key that memory does not hold, two who read it one after the other have two entries: they agree on the count through the total that is known here of each key that was read, or hit, since
/// the flush before the last.
/// </remarks>
internal sealed class HitLedger
{
    private readonly Lock _lock = new();
    private Dictionary<string, KeyHits> _waiting = new(StringComparer.Ordinal);
    // Of the last flush, done or not.
    private Dictionary<string, KeyHits> _flown = new(StringComparer.Ordinal);
    private bool _isFlying;
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
            ref var hits = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiting, entry.Key, out var isKnown);
            if (!isKnown) hits.Total = _flown.TryGetValue(entry.Key, out var flown) ? flown.Total : entry.Hits;
            hits.Waiting++;
            return entry.Hits = ++hits.Total;
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
            ref var hits = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiting, entry.Key, out _);
            entry.Hits = hits.Total = written + hits.Waiting;
            return true;
        }
    }

    /// <summary>Begins an entry whose row is new: what was counted of one that is gone counts no more.</summary>
    /// <param name="key">Its key.</param>
    public void Restart(string key)
    {
        lock (_lock)
        {
            _flown.Remove(key);
            ref var hits = ref CollectionsMarshal.GetValueRefOrNullRef(_waiting, key);
            if (!Unsafe.IsNullRef(ref hits)) hits.Total = hits.Waiting;
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
                if (!_isFlying || !keys.Any(_flown.ContainsKey)) return _generation;
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
            var counts = _counts;
            (_flown, _waiting, _counts) = (_waiting, new Dictionary<string, KeyHits>(StringComparer.Ordinal), default);
            _isFlying = true;
            _written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _generation++;
            return (_flown.Where(h => h.Value.Waiting > 0).ToDictionary(h => h.Key, h => h.Value.Waiting, StringComparer.Ordinal), counts);
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
                foreach (var (key, flown) in _flown.Where(h => h.Value.Waiting > 0))
                {
                    ref var hits = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiting, key, out var isKnown);
                    hits.Waiting += flown.Waiting;
                    if (!isKnown) hits.Total = flown.Total;
                }
            }
            _counts += unwritten;
            _isFlying = false;
            _generation++;
            _written.SetResult();
        }
    }

    private record struct KeyHits(long Waiting, long Total);
}
