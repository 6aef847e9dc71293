using System.Collections.Concurrent;
using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>How far a stream's run has come, for forecasts: its tasks write, anybody reads at any time.</summary>
internal sealed class StreamTrack
{
    private readonly ConcurrentDictionary<string, ReadingTrack> _readings = new(StringComparer.Ordinal);
    private volatile Func<StreamNow>? _now;
    private int _pageLength;

    /// <summary>Where it stands; null: what it reads is not decided yet.</summary>
    public StreamNow? Now => _now?.Invoke() is { } now ? now with { PageLength = Volatile.Read(ref _pageLength) is > 0 and var length ? length : null } : null;

    /// <summary>The stream is read as a whole, from now on.</summary>
    public ReadingTrack Begin(StreamPlan plan, long? lastFullRead, StreamContext context)
    {
        var (reading, began) = (Open(plan, context.Counters), context.Time.GetTimestamp());
        _now = () => new StreamNow(plan.Mode, context.Time.GetElapsedTime(began)) { LastFullRead = lastFullRead, Reading = reading.Now() };
        return reading;
    }

    /// <summary>The stream is read in slices, from now on.</summary>
    public void BeginSlices(RunMode mode, long? lastFullRead, SliceStates states, TimeProvider time)
    {
        var began = time.GetTimestamp();
        _now = () => new StreamNow(mode, time.GetElapsedTime(began)) { LastFullRead = lastFullRead, Slices = states.Positions(slice => _readings.GetValueOrDefault(slice)?.Now()) };
    }

    /// <summary>A slice is read, from now on.</summary>
    public ReadingTrack Open(StreamPlan plan, StreamCounters counters) =>
        _readings[plan.Values.Slice?.Name ?? ""] = new ReadingTrack(plan, counters, length => Interlocked.CompareExchange(ref _pageLength, length, 0));

    /// <summary>A slice is done: nobody asks how it stands any more.</summary>
    public void Close(string slice) => _readings.TryRemove(slice, out _);
}
