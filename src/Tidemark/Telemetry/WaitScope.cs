namespace Tidemark.Telemetry;

/// <summary>A wait that may come, counted once it does: by whoever lets wait, while whoever waits may give up at the same moment.</summary>
/// <param name="counters">Where it is counted.</param>
/// <param name="time">The clock.</param>
public sealed class WaitScope(StreamCounters counters, TimeProvider time) : IDisposable
{
    private const int Begun = 1, Ended = 2;

    private int _state;

    /// <summary>The wait begins. Any number of times; only the first one counts, and none after the end.</summary>
    public void Begin()
    {
        if (Interlocked.CompareExchange(ref _state, Begun, 0) == 0) counters.BeginWait(time);
    }

    /// <summary>It is over, or never came.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _state, Ended) == Begun) counters.EndWait(time);
    }
}
