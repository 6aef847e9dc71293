namespace Tidemark.Simulators.Traffic;

/// <summary>As the Gravitee gateway counts: a window begins with the first call after the last one's end.</summary>
internal sealed class FixedWindow(int limit, TimeSpan interval) : ICallLimit
{
    private TimeSpan _end = TimeSpan.MinValue;
    private int _taken;

    public LimitVerdict Ask(TimeSpan now)
    {
        if (now >= _end)
            (_end, _taken) = (now + interval, 0);
        var allowed = _taken < limit;
        if (allowed)
            _taken++;
        return new LimitVerdict(allowed, limit - _taken, _end);
    }
}
