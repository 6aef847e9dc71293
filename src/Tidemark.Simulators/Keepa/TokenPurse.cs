namespace Tidemark.Simulators.Keepa;

/// <summary>The tokens of one key: a call runs while there are any, and may take more than there are; a rate comes back at once at the end of each interval, up to 60 times the rate.</summary>
/// <param name="rate">Tokens that come back in an interval.</param>
/// <param name="interval">The interval; a minute in reality.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenPurse(int rate, TimeSpan interval, TimeProvider time)
{
    private const int IntervalsKept = 60;

    private readonly Lock _lock = new();
    private long _left = (long)rate * IntervalsKept;
    private long _filledAt = time.GetTimestamp();
    private long _spent;

    /// <summary>How many come back in an interval.</summary>
    public int Rate => rate;

    /// <summary>What all calls have taken so far.</summary>
    public long Spent
    {
        get
        {
            lock (_lock) return _spent;
        }
    }

    /// <summary>Takes tokens, if any are left.</summary>
    /// <param name="cost">How many; 0: only looks.</param>
    public TokenState Take(int cost)
    {
        lock (_lock)
        {
            var intervals = (long)(time.GetElapsedTime(_filledAt) / interval);
            _left = Math.Min((long)rate * IntervalsKept, _left + (intervals * rate));
            _filledAt += (long)(intervals * interval.TotalSeconds * time.TimestampFrequency);
            var runs = cost == 0 || _left > 0;
            if (runs)
            {
                _left -= cost;
                _spent += cost;
            }

            var next = interval - time.GetElapsedTime(_filledAt);
            return new TokenState(runs, _left, next > TimeSpan.Zero ? next : TimeSpan.Zero);
        }
    }

    /// <summary>Full again, nothing spent.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            (_left, _spent, _filledAt) = ((long)rate * IntervalsKept, 0, time.GetTimestamp());
        }
    }
}
