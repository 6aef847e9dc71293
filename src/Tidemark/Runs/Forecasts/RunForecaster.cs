using Tidemark.Destinations;
using Tidemark.Planning;
using Tidemark.Runs.Plans;
using Tidemark.Telemetry;

namespace Tidemark.Runs.Forecasts;

/// <summary>
/// Forecasts a run as it goes. It is the calculation of <see cref="PlanRun"/>: what is left is simulated through the rules of the quotas; only that what is left, and how fast it is, the run itself tells.
/// It runs beside the run and never stops it.
/// </summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="options">What is asked of the run.</param>
/// <param name="store">Where runs and quotas are kept; null: nowhere.</param>
/// <param name="progress">The run.</param>
public sealed class RunForecaster(PipelineDefinition pipeline, RunOptions options, IStore? store, RunProgress progress)
{
    private const int MostLooks = 10;

    private static readonly TimeSpan KeptEvery = TimeSpan.FromSeconds(5);

    private ForecastBasis? _basis;
    private volatile RunForecast? _latest;

    // Of the loop's task only.
    private TimeSpan _worked;
    private long? _keptAt;
    private bool _keptEnd;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The latest forecast; null: there is none yet.</summary>
    public RunForecast? Latest => _latest;

    /// <summary>Forecasts again and again until the run has ended. A run that is short is not forecast.</summary>
    /// <param name="running">The run.</param>
    public async Task FollowAsync(Task running)
    {
        ArgumentNullException.ThrowIfNull(running);
        using var ended = new CancellationTokenSource();
        _ = running.ContinueWith(_ => ended.Cancel(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            for (var pace = new ForecastPace(); ; pace.Took(_worked))
            {
                await Task.Delay(pace.Pause, Time, ended.Token);
                // Task.Run, as a simulation works long without waiting.
                _latest = await Task.Run(() => TryAsync(ended.Token), ended.Token);
                // One that knows the end is told as soon as there is one.
                if (_keptAt is not { } kept || Time.GetElapsedTime(kept) >= KeptEvery || (!_keptEnd && _latest.EndsAt is not null)) await KeepAsync(_latest);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // At this point the run has ended, and whoever reads it knows more than a forecast.
        }
        // The continuation may be about to cancel.
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_keptAt is not null) await TryStoreAsync(s => s.RemoveForecastAsync(pipeline.Name, progress.RunId!, CancellationToken.None));
    }

    /// <summary>Forecasts once.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DestinationException">A destination or the store can't be read.</exception>
    public async Task<RunForecast> ForecastAsync(CancellationToken cancellationToken)
    {
        var basis = _basis ??= await ForecastBasis.ReadAsync(pipeline, options, store, Time, cancellationToken);
        var (left, quotas, now) = await LookAsync(cancellationToken);
        var began = Time.GetTimestamp();
        var forecast = basis.Forecast(progress.Streams, left, quotas, now, cancellationToken);
        _worked = Time.GetElapsedTime(began);
        return forecast;
    }

    // A call that is sent between a look at the quotas and one at the streams would be neither spent nor left, and one call more may be a window more: looks again until nothing was sent meanwhile.
    private async Task<(IReadOnlyList<(StreamProgress Stream, StreamNow? Now)> Left, IReadOnlyDictionary<string, QuotaNow> Quotas, DateTimeOffset Now)> LookAsync(CancellationToken cancellationToken)
    {
        for (var look = 1; ; look++)
        {
            var sent = Sent();
            var (quotas, now) = await QuotaStates.ReadAsync(pipeline, progress.Quotas?.Ledger ?? store, Time, cancellationToken);
            // A stream may end between two looks at it.
            var left = progress.Streams.Where(s => s.Report is null).Select(s => (s, s.Track.Now)).ToList();
            if (look == MostLooks || Sent() == sent) return (left, quotas, now);
        }
    }

    private long Sent() => progress.Streams.Sum(s => s.Counters[Counter.Requests]);

    // For whoever watches from another process.
    private async Task KeepAsync(RunForecast forecast)
    {
        if (progress.RunId is not { } id) return;
        (_keptAt, _keptEnd) = (Time.GetTimestamp(), forecast.EndsAt is not null);
        await TryStoreAsync(s => s.KeepForecastAsync(new KeptForecast(pipeline.Name, id, forecast.At, forecast.ToJson()), CancellationToken.None));
    }

    private async Task TryStoreAsync(Func<IStore, Task> write)
    {
        try
        {
            if (store is not null) await write(store);
        }
        catch (DestinationException)
        {
            // The store is locked or away; the next one may be kept, and one that was left behind is told by its age.
        }
    }

    private async Task<RunForecast> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ForecastAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The store is locked or away: the next one may be better. Whatever it is, the run goes on.
            return new RunForecast(Time.GetUtcNow(), [.. progress.Streams.Where(s => s.Report is null).Select(s => new StreamFinish(s.Name, 0) { Unknown = e.Message })]);
        }
    }
}
