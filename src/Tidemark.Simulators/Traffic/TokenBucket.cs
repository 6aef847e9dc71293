namespace Tidemark.Simulators.Traffic;

/// <summary>
/// A bucket of tokens, full at first. Counted in whole parts of a token, so many that each tick of the clock brings a whole
/// number of them: nothing is ever rounded.
/// </summary>
internal sealed class TokenBucket(int limit, TimeSpan interval) : ICallLimit
{
    private readonly long _token = interval.Ticks;
    private readonly Int128 _full = (Int128)limit * interval.Ticks;
    private Int128 _level = (Int128)limit * interval.Ticks;
    private TimeSpan _at = TimeSpan.Zero;

    public LimitVerdict Ask(TimeSpan now)
    {
        _level = Int128.Min(_full, _level + ((Int128)(now - _at).Ticks * limit));
        _at = now;
        var allowed = _level >= _token;
        if (allowed)
            _level -= _token;

        var remaining = _level / _token;
        var missing = ((remaining + 1) * _token) - _level;
        var ticks = (long)((missing + limit - 1) / limit);
        return new LimitVerdict(allowed, (int)remaining, now + TimeSpan.FromTicks(ticks));
    }
}
