namespace Tidemark.Simulators.Records;

/// <summary>Stamps changes with real time, in whole milliseconds, each strictly later than every one before.</summary>
internal sealed class StampClock
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private DateTimeOffset _last;

    public StampClock(TimeProvider time)
    {
        _time = time;
        Start = Now();
        _last = Start;
    }

    /// <summary>When the simulator started: the seed's records lie round it, after a reset too.</summary>
    public DateTimeOffset Start { get; }

    public DateTimeOffset Now() => Stamps.Floor(_time.GetUtcNow());

    public DateTimeOffset Next()
    {
        lock (_lock)
        {
            var now = Now();
            return _last = now > _last ? now : _last.AddMilliseconds(1);
        }
    }
}
