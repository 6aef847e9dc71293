namespace Tidemark.Simulators.Traffic;

/// <summary>The quota that a simulator enforces, for calls that arrive at once.</summary>
internal sealed class RateLimiter(LimiterKind kind, int limit, TimeSpan interval, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _start = time.GetTimestamp();
    private ICallLimit _limit = Make(kind, limit, interval);

    public int Limit => limit;

    /// <summary>Decides on a call that has just arrived.</summary>
    /// <returns>The decision, and how long it is until more calls would pass.</returns>
    public (LimitVerdict Told, TimeSpan Wait) Ask()
    {
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            var verdict = _limit.Ask(now);
            return (verdict, verdict.MoreAt - now);
        }
    }

    /// <summary>Forgets all calls.</summary>
    public void Clear()
    {
        lock (_lock)
            (_start, _limit) = (time.GetTimestamp(), Make(kind, limit, interval));
    }

    private static ICallLimit Make(LimiterKind kind, int limit, TimeSpan interval) => kind switch
    {
        LimiterKind.Fixed => new FixedWindow(limit, interval),
        LimiterKind.Sliding => new SlidingWindow(limit, interval),
        _ => new TokenBucket(limit, interval),
    };
}
