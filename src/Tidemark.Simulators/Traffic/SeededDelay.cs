namespace Tidemark.Simulators.Traffic;

/// <summary>Draws the delay of one call after the other.</summary>
internal sealed class SeededDelay(DelayRange range, int seed)
{
    private readonly Lock _lock = new();
    private Random _random = new(seed);

    public TimeSpan Next()
    {
        if (range.Most == TimeSpan.Zero)
            return TimeSpan.Zero;
        lock (_lock)
            return range.Least + ((range.Most - range.Least) * _random.NextDouble());
    }

    public void Clear()
    {
        lock (_lock)
            _random = new Random(seed);
    }
}
