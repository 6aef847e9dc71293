using System.Buffers;
using System.Runtime.InteropServices;
using Tidemark.Records;

namespace Tidemark.Batching;

/// <summary>Finds the records that have a key in common: an open hash table over the keys' bytes, in memory that is used again.</summary>
internal sealed class KeyGroups : IDisposable
{
    private readonly PooledBuffer _keys = new();
    private readonly List<int> _repeated = [];
    private readonly List<int> _records = [];

    // Where each key ends in the bytes; the record that is in a slot, the latest of its key, plus 1; the one before each record, plus 1; whether it has company.
    private int[] _ends = [];
    private int[] _slots = [];
    private int[] _before = [];
    private bool[] _inGroup = [];
    private int _start;

    /// <summary>How many keys come more than once.</summary>
    public int Count => _repeated.Count;

    /// <summary>Looks at some records; false if no key comes twice.</summary>
    public bool Find(RecordBatch batch, int start, int count, ReadOnlySpan<KeyPart> key)
    {
        _start = start;
        _keys.Truncate(0);
        _repeated.Clear();
        Rent(ref _ends, count, clear: false);
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count * 2);
        Rent(ref _slots, size, clear: true);
        for (var i = 0; i < count; i++)
        {
            foreach (var part in key) KeyBytes.Append(_keys, batch, part.Column[start + i], part.Type);
            _ends[i] = _keys.Length;
            var slot = SlotOf(i, size - 1);
            if (_slots[slot] != 0) AddToGroup(i, slot, count);
            _slots[slot] = i + 1;
        }
        return Count > 0;
    }

    /// <summary>True if no other record has the key of the <paramref name="index"/>th one; only where some key comes twice.</summary>
    public bool IsAlone(int index) => !_inGroup[index];

    /// <summary>The records of a key that comes more than once, as they came.</summary>
    public Span<int> Records(int group)
    {
        _records.Clear();
        for (var i = _slots[_repeated[group]] - 1; i >= 0; i = _before[i] - 1) _records.Add(_start + i);
        _records.Reverse();
        return CollectionsMarshal.AsSpan(_records);
    }

    public void Dispose()
    {
        _keys.Dispose();
        Return(ref _ends);
        Return(ref _slots);
        Return(ref _before);
        Return(ref _inGroup);
    }

    private ReadOnlySpan<byte> KeyOf(int index) => _keys.Written[(index == 0 ? 0 : _ends[index - 1]).._ends[index]];

    private int SlotOf(int index, int mask)
    {
        var key = KeyOf(index);
        var hash = new HashCode();
        hash.AddBytes(key);
        var slot = hash.ToHashCode() & mask;
        while (_slots[slot] != 0 && !KeyOf(_slots[slot] - 1).SequenceEqual(key)) slot = (slot + 1) & mask;
        return slot;
    }

    private void AddToGroup(int index, int slot, int count)
    {
        if (_repeated.Count == 0)
        {
            Rent(ref _before, count, clear: true);
            Rent(ref _inGroup, count, clear: true);
        }
        var previous = _slots[slot] - 1;
        if (!_inGroup[previous]) _repeated.Add(slot);
        _inGroup[previous] = _inGroup[index] = true;
        _before[index] = previous + 1;
    }

    private static void Rent<T>(ref T[] array, int count, bool clear)
    {
        if (array.Length < count)
        {
            Return(ref array);
            array = ArrayPool<T>.Shared.Rent(count);
        }
        if (clear) array.AsSpan(0, count).Clear();
    }

    private static void Return<T>(ref T[] array)
    {
        if (array.Length > 0) ArrayPool<T>.Shared.Return(array);
        array = [];
    }
}
