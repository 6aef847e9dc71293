using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Runs.Forecasts;
using Tidemark.Runs.Plans;

namespace Tidemark.Cli.Monitoring;

/// <summary>Finish times of streams that other processes run, as these foretell; of those that are unfinished and that nobody runs, a plan's, which is made each half minute at most.</summary>
internal sealed class StoredForecasts(PipelineDefinition pipeline, IStore store, TimeProvider time)
{
    private const int MostRuns = 20;

    private static readonly TimeSpan PlannedEvery = TimeSpan.FromSeconds(30);

    private Dictionary<string, StreamFinish> _planned = new(StringComparer.Ordinal);
    private (string Streams, long At)? _plannedFor;

    /// <summary>Reads what the store tells.</summary>
    public async Task<StoredState> ReadAsync(CancellationToken cancellationToken) => new(
        (await store.SummarizeSlicesAsync(pipeline.Name, cancellationToken)).ToDictionary(s => s.Stream, StringComparer.Ordinal),
        await QuotaReport.ReadAsync(pipeline, store, time, cancellationToken),
        [.. (await store.ListForecastsAsync(pipeline.Name, cancellationToken)).Select(f => RunForecast.FromJson(f.Forecast))],
        await store.ListRunsAsync(pipeline.Name, MostRuns, before: null, cancellationToken));

    /// <summary>The finish times of streams that are unfinished.</summary>
    public async Task<Dictionary<string, StreamFinish>> FinishesAsync(IReadOnlyList<ObservedStream> streams, StoredState state, CancellationToken cancellationToken)
    {
        var finishes = new Dictionary<string, StreamFinish>(StringComparer.Ordinal);
        foreach (var stream in streams.Where(s => s.Holder is not null))
        {
            if (ForetoldOf(stream.Stream, stream.Holder!, state.Forecasts) is { } finish) finishes[stream.Stream] = finish;
        }
        var left = streams.Where(s => s is { Holder: null, Checkpoint.Resume: not null }).Select(s => s.Stream).ToList();
        if (left.Count == 0) return finishes;
        var names = string.Join('\n', left);
        if (_plannedFor is not { } before || before.Streams != names || time.GetElapsedTime(before.At) >= PlannedEvery)
        {
            var plan = await new PlanRun(pipeline, new PlanOptions { Streams = left }, store) { Time = time }.RunAsync(cancellationToken);
            _planned = plan.Streams.ToDictionary(s => s.Stream, StreamFinish.Of, StringComparer.Ordinal);
            _plannedFor = (names, time.GetTimestamp());
        }
        foreach (var stream in left.Where(_planned.ContainsKey)) finishes[stream] = _planned[stream];
        return finishes;
    }

    /// <summary>What the run that writes a stream foretells of it; null: nothing yet.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="holder">Who holds its lease.</param>
    /// <param name="forecasts">What is kept, newest first.</param>
    public static StreamFinish? ForetoldOf(string stream, string holder, IReadOnlyList<RunForecast> forecasts)
    {
        // What a run foretold that was killed is of another one.
        var since = LeaseOwner.SinceOf(holder) ?? DateTimeOffset.MinValue;
        return forecasts.Where(f => f.At >= since).Select(f => f.Of(stream)).FirstOrDefault(f => f is not null);
    }

    /// <summary>Streams whose last run was parked and that nobody runs, with the moment at which they may go on.</summary>
    public static Dictionary<string, DateTimeOffset> ParkedOf(IReadOnlyList<ObservedStream> streams, StoredState state)
    {
        var parked = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var stream in streams.Where(s => s.Holder is null))
        {
            var last = state.Runs.SelectMany(r => r.Streams).FirstOrDefault(s => string.Equals(s.Stream, stream.Stream, StringComparison.Ordinal));
            if (last is { Status: RunStatus.Parked, ParkedUntil: { } until }) parked[stream.Stream] = until;
        }
        return parked;
    }
}
