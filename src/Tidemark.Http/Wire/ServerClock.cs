using Tidemark.Http.Signals;

namespace Tidemark.Http.Wire;

/// <summary>
/// The clock of a source's server. Its Date headers tell whole seconds, cut off, and some servers make a new one only once a second: none is ahead of the clock, so the furthest of them, and what has
/// passed since, comes closest. A limit that is told in milliseconds is waited for a second less than against the header alone. Safe for several tasks.
/// </summary>
/// <param name="time">Ours: for what passes, and where the server tells nothing.</param>
internal sealed class ServerClock(TimeProvider time)
{
    /// <summary>What a Date header can be behind its server.</summary>
    private static readonly TimeSpan MostBehind = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private (DateTimeOffset Clock, long Timestamp)? _seen;

    /// <summary>Reads the Date header of an answer that has just come.</summary>
    public ClockReading Read(DateTimeOffset? date)
    {
        if (date is not { } told) return ClockReading.Of(time.GetUtcNow());
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var finer = _seen is { } seen ? seen.Clock + time.GetElapsedTime(seen.Timestamp, now) : told;
            // Beyond what a header can be behind, the clock was set back, or belongs to another server.
            if (finer < told || finer > told + MostBehind) finer = told;
            _seen = (finer, now);
            return new ClockReading(told, finer);
        }
    }
}
