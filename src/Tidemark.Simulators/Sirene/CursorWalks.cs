namespace Tidemark.Simulators.Sirene;

/// <summary>Numbers the walks through pages and remembers which of them have expired: one for each fault that was ordered.</summary>
internal sealed class CursorWalks
{
    private readonly Lock _lock = new();
    private readonly HashSet<long> _expired = [];
    private long _last;

    public long Begin() => Interlocked.Increment(ref _last);

    public void Expire(long walk)
    {
        lock (_lock)
            _expired.Add(walk);
    }

    public bool IsExpired(long walk)
    {
        lock (_lock)
            return _expired.Contains(walk);
    }

    public void Clear()
    {
        lock (_lock)
            _expired.Clear();
    }
}
