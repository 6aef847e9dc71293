namespace Tidemark.Sqlite.Writing;

/// <summary>The plans of the combinations of columns that records carry: the most recently used ones.</summary>
/// <param name="capacity">How many at most.</param>
/// <param name="create">Makes the plan of a combination.</param>
internal sealed class PlanCache(int capacity, Func<ulong[], Plan> create) : IDisposable
{
    private readonly Dictionary<ulong[], LinkedListNode<Plan>> _byMask = new(new MaskComparer());
    private readonly LinkedList<Plan> _recent = new();
    private Plan? _last;

    public int Count => _recent.Count;

    /// <summary>The plan of a combination; the mask is copied if it is kept.</summary>
    public Plan Get(ulong[] mask)
    {
        // Records of one stream mostly carry the same columns.
        if (_last is not null && mask.AsSpan().SequenceEqual(_last.Mask)) return _last;
        if (_byMask.TryGetValue(mask, out var node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
            return _last = node.Value;
        }
        var plan = create([.. mask]);
        if (_recent.Count == capacity && _recent.Last is { } oldest)
        {
            _recent.RemoveLast();
            _byMask.Remove(oldest.Value.Mask);
            oldest.Value.Dispose();
        }
        _byMask.Add(plan.Mask, _recent.AddFirst(plan));
        return _last = plan;
    }

    public void Dispose()
    {
        foreach (var plan in _recent) plan.Dispose();
        _recent.Clear();
        _byMask.Clear();
        _last = null;
    }

    private sealed class MaskComparer : IEqualityComparer<ulong[]>
    {
        public bool Equals(ulong[]? x, ulong[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ulong[] mask)
        {
            var hash = new HashCode();
            foreach (var word in mask) hash.Add(word);
            return hash.ToHashCode();
        }
    }
}
