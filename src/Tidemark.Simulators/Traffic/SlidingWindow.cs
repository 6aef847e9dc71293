namespace Tidemark.Simulators.Traffic;

/// <summary>Remembers the allowed calls of the last interval, exactly.</summary>
internal sealed class SlidingWindow(int limit, TimeSpan interval) : ICallLimit
{
    private readonly Queue<TimeSpan> _allowed = new();

    public LimitVerdict Ask(TimeSpan now)
    {
        while (_allowed.TryPeek(out var oldest) && now - oldest >= interval)
            _allowed.Dequeue();
        var allowed = _allowed.Count < limit;
        if (allowed)
            _allowed.Enqueue(now);
        return new LimitVerdict(allowed, limit - _allowed.Count, _allowed.Peek() + interval);
    }
}
