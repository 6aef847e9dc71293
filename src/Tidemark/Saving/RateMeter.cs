namespace Tidemark.Saving;

/// <summary>How many a second over the last ten seconds. Guarded by its user's lock.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    private const int Seconds = 10;

    private readonly long _startedAt = time.GetTimestamp();
    private readonly long[] _counts = new long[Seconds];
    private readonly long[] _seconds = new long[Seconds];

    public void Add(long count)
    {
        var second = Elapsed.Ticks / TimeSpan.TicksPerSecond;
        var slot = second % Seconds;
        if (_seconds[slot] != second) (_seconds[slot], _counts[slot]) = (second, 0);
        _counts[slot] += count;
    }

    public double PerSecond()
    {
        var elapsed = Elapsed;
        var second = elapsed.Ticks / TimeSpan.TicksPerSecond;
        long sum = 0;
        for (var i = 0; i < Seconds; i++)
        {
            if (_seconds[i] > second - Seconds) sum += _counts[i];
        }
        // The second that has begun counts as far as it has come.
        var span = Math.Min(elapsed.TotalSeconds, Seconds - 1 + (elapsed.TotalSeconds - second));
        return sum == 0 ? 0 : sum / Math.Max(span, 0.001);
    }

    private TimeSpan Elapsed => time.GetElapsedTime(_startedAt);
}
