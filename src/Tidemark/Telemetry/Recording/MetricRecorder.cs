namespace Tidemark.Telemetry.Recording;

/// <summary>
/// Records the meter <c>Tidemark</c>: a point a series every so often, and once more when it is disposed. A slow sink makes points rarer, as measurements are summed up meanwhile: nothing waits
/// for it, and no queue grows.
/// </summary>
public sealed class MetricRecorder : IAsyncDisposable
{
    private readonly MeterReader _meter;
    private readonly TimeSpan _every;
    private readonly IReadOnlyList<IPointSink> _sinks;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _recording;

    /// <summary>Begins to record.</summary>
    /// <param name="every">How often.</param>
    /// <param name="sinks">Where points go; disposed with the recorder.</param>
    /// <param name="time">The clock.</param>
    public MetricRecorder(TimeSpan every, IReadOnlyList<IPointSink> sinks, TimeProvider time)
        : this(TidemarkMeter.Name, every, sinks, time)
    {
    }

    internal MetricRecorder(string meter, TimeSpan every, IReadOnlyList<IPointSink> sinks, TimeProvider time)
    {
        _meter = new MeterReader(meter);
        (_every, _sinks, _time) = (every, sinks, time);
        _recording = RecordAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _recording.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await WriteAsync();
        _meter.Dispose();
        foreach (var sink in _sinks) await sink.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RecordAsync()
    {
        while (true)
        {
            await Task.Delay(_every, _time, _stopping.Token).ConfigureAwait(false);
            await WriteAsync().ConfigureAwait(false);
        }
    }

    private async Task WriteAsync()
    {
        var points = _meter.Take(_time.GetUtcNow());
        if (points.Count == 0) return;
        foreach (var sink in _sinks)
        {
            if (await sink.WriteAsync(points).ConfigureAwait(false) is > 0 and var lost) _meter.Drop(lost);
        }
    }
}
