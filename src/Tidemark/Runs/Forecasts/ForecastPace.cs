namespace Tidemark.Runs.Forecasts;

/// <summary>How often a run is forecast: each second, or so seldom that it takes no more than a fiftieth of the time of one processor. Pure.</summary>
internal sealed class ForecastPace
{
    private const int Share = 50;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private TimeSpan? _before;

    /// <summary>How long to wait before the next one.</summary>
    public TimeSpan Pause { get; private set; } = Shortest;

    /// <summary>Takes how long the last one worked. One that is slow by itself, such as the first one, whose code is still to be made ready, does not count.</summary>
    public void Took(TimeSpan worked)
    {
        var counts = _before is { } before && before < worked ? before : worked;
        Pause = _before is null || counts * Share < Shortest ? Shortest : counts * Share;
        _before = worked;
    }
}
