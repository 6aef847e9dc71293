namespace Tidemark.Scanning;

/// <summary>
/// Remembers the records at and above the watermark, so that reading them again is noticed. Bounded: beyond <see cref="Capacity"/> it forgets,
/// and says so until the watermark has moved past what it forgot. Those without a cursor value it remembers for good, up to as many.
/// </summary>
internal sealed class RememberedRecords
{
    /// <summary>How many records it remembers.</summary>
    public const int Capacity = 10_000;

    private Dictionary<UInt128, CursorPoint> _records = [];
    private HashSet<UInt128> _without = [];
    private bool _shared;
    private CursorPoint? _forgotten;

    /// <summary>The newest record that did not fit; null: all that are at or above the watermark are remembered.</summary>
    public CursorPoint? Forgotten => _forgotten;

    /// <summary>The records: the hash of the content, and the cursor value.</summary>
    public IReadOnlyDictionary<UInt128, CursorPoint> Records => _records;

    /// <summary>The hashes of records without a cursor value.</summary>
    public IReadOnlySet<UInt128> Without => _without;

    /// <summary>True if there were more of these than it remembers.</summary>
    public bool WithoutForgotten { get; private set; }

    /// <summary>Rebuilds what an earlier scan remembered.</summary>
    public static RememberedRecords Restore(Dictionary<UInt128, CursorPoint> records, CursorPoint? forgotten, HashSet<UInt128> without, bool withoutForgotten) =>
        new() { _records = records, _forgotten = forgotten, _without = without, WithoutForgotten = withoutForgotten };

    /// <summary>What it remembers now: later changes do not show in it.</summary>
    public RememberedRecords Snapshot()
    {
        _shared = true;
        return new RememberedRecords { _records = _records, _forgotten = _forgotten, _without = _without, WithoutForgotten = WithoutForgotten, _shared = true };
    }

    /// <summary>The same without what has a cursor value.</summary>
    public RememberedRecords OnlyWithout() => new() { _without = [.. _without], WithoutForgotten = WithoutForgotten };

    public bool Knows(UInt128 hash) => _records.ContainsKey(hash) || _without.Contains(hash);

    /// <summary>Adds a record without a cursor value.</summary>
    public void AddWithout(UInt128 hash)
    {
        if (_without.Contains(hash)) return;
        if (_without.Count >= Capacity)
        {
            WithoutForgotten = true;
            return;
        }
        Own();
        _without.Add(hash);
    }

    public void Add(UInt128 hash, CursorPoint cursor)
    {
        if (_forgotten is null && _records.Count < Capacity)
        {
            Own();
            _records[hash] = cursor;
            return;
        }
        if (_records.ContainsKey(hash)) return;
        _forgotten = CursorPoint.Newest(_forgotten, cursor);
        foreach (var one in _records.Values) _forgotten = CursorPoint.Newest(_forgotten, one);
        Forget();
    }

    /// <summary>Forgets what lies below a new watermark.</summary>
    public void Prune(CursorValue watermark)
    {
        if (_forgotten is { } forgotten && forgotten.Value < watermark) _forgotten = null;
        if (_records.Count == 0) return;
        var below = _records.Where(r => r.Value.Value < watermark).Select(r => r.Key).ToList();
        if (below.Count == _records.Count)
        {
            Forget();
            return;
        }
        if (below.Count == 0) return;
        Own();
        foreach (var hash in below) _records.Remove(hash);
    }

    private void Forget()
    {
        Own();
        _records.Clear();
    }

    private void Own()
    {
        if (!_shared) return;
        (_records, _without) = (new Dictionary<UInt128, CursorPoint>(_records), [.. _without]);
        _shared = false;
    }
}
