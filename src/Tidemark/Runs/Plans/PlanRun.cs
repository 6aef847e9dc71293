using Tidemark.Destinations;
using Tidemark.Enrichment;
using Tidemark.Planning;
using Tidemark.Scanning;

namespace Tidemark.Runs.Plans;

/// <summary>
/// Plans a run: how many calls each stream needs, what they cost, and when it ends. It reads checkpoints, earlier runs and quotas, and simulates what is left of the calls through the same rules that
/// hold in runs. It calls no source, unless it is to probe, and takes no lease.
/// </summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="options">What is to be planned.</param>
/// <param name="store">Where runs and quotas are kept; null: nothing was kept so far.</param>
public sealed class PlanRun(PipelineDefinition pipeline, PlanOptions options, IStore? store)
{
    private const int MostRuns = 100;

    private readonly RunOptions _run = new() { Streams = options.Streams, Full = options.Full };

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Randomness, for jitter.</summary>
    public Random Random { get; init; } = new();

    /// <summary>Plans.</summary>
    /// <param name="cancellationToken">Ends calls and waits.</param>
    /// <exception cref="DestinationException">A destination or the store can't be read.</exception>
    /// <exception cref="Definitions.ConfigException">A stream is asked for that does not exist.</exception>
    public async Task<PlanReport> RunAsync(CancellationToken cancellationToken)
    {
        var selected = pipeline.Select(options.Streams);
        var runs = store is null ? [] : await store.ListRunsAsync(pipeline.Name, MostRuns, null, cancellationToken);
        await using var destinations = new Opened<IDestination>();
        await using var probe = options.ProbeCalls > 0 ? new StreamProbe(pipeline, store, Time, Random) : null;
        var drafts = new List<StreamDraft>();
        var (sources, calls) = (new HashSet<string>(StringComparer.Ordinal), 0L);
        foreach (var stream in selected)
        {
            var destination = destinations.Get(pipeline.DestinationOf(stream), name => pipeline.Destinations[name].Open(new DestinationServices { Time = Time, CompareCursors = CursorKinds.Compare }));
            var history = StreamHistory.Of(stream, runs);
            var draft = new StreamDraft(pipeline, stream, history)
            {
                Readings = await new ReadingsReader(pipeline, _run, destination, store, Time.GetUtcNow()).ReadAsync(stream, history, cancellationToken),
                // The first stream of a source makes its calls ahead, for a token.
                CallsAhead = sources.Add(pipeline.SourceOf(stream)) ? pipeline.Sources[pipeline.SourceOf(stream)].CallsAhead : 0,
            };
            if (stream.Parent is { } parent) draft.FollowParent(drafts.Find(d => d.Stream.Name == parent.Stream) is not { } above ? null : above.Readings.Mode is null ? 0 : StreamEstimate.Of(above.Facts()).Records, runs);
            else if (probe is not null && draft.Readings is { Mode: not null, Plan: { } plan }) calls += await ProbeAsync(probe, draft, plan, cancellationToken);
            // A probe has kept one more.
            if (stream.Enrichment is not null && store is not null) draft.Answers = await store.CountAnswersAsync(Enricher.NameOf(pipeline.Name, stream.Name), Time.GetUtcNow(), cancellationToken);
            drafts.Add(draft);
        }
        // After the probes, which have spent something.
        var (quotas, now) = await QuotaStates.ReadAsync(pipeline, store, Time, cancellationToken);
        return new PlanReport { PipelineName = pipeline.Name, PlannedAt = now, Streams = Forecast(drafts, quotas, now), ProbeCalls = calls };
    }

    private async Task<long> ProbeAsync(StreamProbe probe, StreamDraft draft, StreamPlan plan, CancellationToken cancellationToken)
    {
        if (!draft.Stream.Request.MakesCalls) return 0;
        var result = await probe.ReadAsync(draft.Stream, plan, plan.Values, options.ProbeCalls, cancellationToken);
        // A stream in slices is asked as a whole, where its request can do without a slice.
        var ofSlice = draft.Readings.Slices is not null && result is { Calls: 0, Error: not null } && plan.Values.Slice is null;
        if (ofSlice && draft.FirstSlice(plan.Values.Now) is { } slice) result = await probe.ReadAsync(draft.Stream, plan, plan.Values with { Slice = slice }, options.ProbeCalls, cancellationToken);
        draft.Learn(result, ofSlice);
        return result.Calls;
    }

    private List<PlannedStream> Forecast(List<StreamDraft> drafts, IReadOnlyDictionary<string, QuotaNow> quotas, DateTimeOffset now)
    {
        var estimates = drafts.ConvertAll(d => d.Readings.Mode is null ? null : StreamEstimate.Of(d.Facts()));
        var works = estimates.Select(e => e?.Work).OfType<StreamWork>().ToList();
        var forecasts = Simulation.Run(works, quotas, pipeline.ParallelStreams, now)?.ToDictionary(f => f.Stream, StringComparer.Ordinal);
        var planned = new List<PlannedStream>();
        var late = false;
        foreach (var (draft, estimate) in drafts.Zip(estimates))
        {
            var stream = draft.Planned(estimate, estimate is null ? null : forecasts?.GetValueOrDefault(draft.Stream.Name));
            // Whoever runs after a stream that takes longer than is known begins later than is known.
            planned.Add(stream with { AtLeast = stream.AtLeast || late });
            late |= stream.Mode is not null && (stream.AtLeast || stream.Forecast is null) && (pipeline.ParallelStreams == 1 || drafts.Exists(d => d.Stream.Parent?.Stream == stream.Stream));
        }
        return planned;
    }
}
