using System.Collections.Concurrent;

namespace Tidemark.Lookups.Keeping;

/// <summary>
/// Answers in memory, bounded by bytes: what was not used since it was last looked at goes first (CLOCK). Reading takes no lock.
/// </summary>
/// <remarks>The framework's MemoryCache with a size limit refuses the new entry when it is full, and makes room later: under a flood of keys that are asked for once it would keep those.</remarks>
/// <param name="capacity">Bytes.</param>
internal sealed class AnswerMemory(long capacity)
{
    private readonly ConcurrentDictionary<string, KeptEntry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<KeptEntry> _order = new();
    private readonly Lock _lock = new();
    private long _bytes;

    /// <summary>What it holds.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock) return _bytes;
        }
    }

    public int Count => _entries.Count;

    public KeptEntry? Find(string key)
    {
        if (!_entries.TryGetValue(key, out var entry)) return null;
        if (!entry.Used) entry.Used = true;
        return entry;
    }

    /// <summary>Takes an entry in, in the place of one of the same key.</summary>
    public void Add(KeptEntry entry)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(entry.Key, out var before)) RemoveUnderLock(before);
            // What is larger than all of it would only drive out everything else.
            if (entry.Size > capacity) return;
            _entries[entry.Key] = entry;
            _order.Enqueue(entry);
            _bytes += entry.Size;
            while (_bytes > capacity) PassUnderLock();
            // Entries whose place was taken lie in the queue until it comes to them.
            for (var i = 0; i < 2 && _order.Count > (2 * _entries.Count) + 64; i++) PassUnderLock();
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            foreach (var entry in _entries.Values) entry.Gone = true;
            _entries.Clear();
            _order.Clear();
            _bytes = 0;
        }
    }

    private void PassUnderLock()
    {
        var entry = _order.Dequeue();
        if (entry.Gone) return;
        if (entry.Used || _bytes <= capacity)
        {
            entry.Used = false;
            _order.Enqueue(entry);
            return;
        }
        RemoveUnderLock(entry);
    }

    private void RemoveUnderLock(KeptEntry entry)
    {
        entry.Gone = true;
        _entries.TryRemove(entry.Key, out _);
        _bytes -= entry.Size;
    }
}
