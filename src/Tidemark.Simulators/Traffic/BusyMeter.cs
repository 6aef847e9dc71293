namespace Tidemark.Simulators.Traffic;

/// <summary>
/// How many calls are being answered at once: the most, and the average over the time from the first arrival to the last change.
/// Not safe for concurrent use.
/// </summary>
internal sealed class BusyMeter
{
    private TimeSpan _first;
    private TimeSpan _last;
    private int _busy;
    private long _busyTicks;
    private bool _seen;

    public int Most { get; private set; }

    public void Enter(TimeSpan now)
    {
        if (!_seen)
            (_seen, _first, _last) = (true, now, now);
        Change(now, 1);
        Most = Math.Max(Most, _busy);
    }

    public void Leave(TimeSpan now) => Change(now, -1);

    /// <summary>Zero before any time has passed. While calls are being answered, the time until now belongs to it.</summary>
    public double Average(TimeSpan now)
    {
        var until = _busy > 0 ? now : _last;
        var ticks = _busyTicks + (_busy * (until - _last).Ticks);
        return until > _first ? ticks / (double)(until - _first).Ticks : 0;
    }

    /// <summary>Begins anew, with the calls that are being answered.</summary>
    public void Clear(TimeSpan now)
    {
        (_first, _last, _busyTicks, _seen) = (now, now, 0, _busy > 0);
        Most = _busy;
    }

    private void Change(TimeSpan now, int by)
    {
        _busyTicks += _busy * (now - _last).Ticks;
        _last = now;
        _busy += by;
    }
}
