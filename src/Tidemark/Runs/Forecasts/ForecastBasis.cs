using Tidemark.Destinations;
using Tidemark.Enrichment;
using Tidemark.Planning;
using Tidemark.Runs.Plans;
using Tidemark.Scanning;
using Tidemark.Telemetry;

namespace Tidemark.Runs.Forecasts;

/// <summary>What was known of the streams of a run before it, read once; and what follows from it and from how far they have come.</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="options">What is asked of the run.</param>
/// <param name="streams">Its streams, in their order, with what earlier runs have shown, and what this one was to read.</param>
/// <param name="runs">Earlier runs, newest first.</param>
internal sealed class ForecastBasis(PipelineDefinition pipeline, RunOptions options, IReadOnlyList<(StreamDefinition Stream, StreamHistory History, StreamDraft Draft)> streams, IReadOnlyList<RunReport> runs)
{
    private const int MostRuns = 100;

    /// <summary>Reads it.</summary>
    public static async Task<ForecastBasis> ReadAsync(PipelineDefinition pipeline, RunOptions options, IStore? store, TimeProvider time, CancellationToken cancellationToken)
    {
        var runs = store is null ? [] : await store.ListRunsAsync(pipeline.Name, MostRuns, null, cancellationToken);
        await using var destinations = new Opened<IDestination>();
        var streams = new List<(StreamDefinition, StreamHistory, StreamDraft)>();
        foreach (var stream in pipeline.Select(options.Streams))
        {
            var destination = destinations.Get(pipeline.DestinationOf(stream), name => pipeline.Destinations[name].Open(new DestinationServices { Time = time, CompareCursors = CursorKinds.Compare }));
            var history = StreamHistory.Of(stream, runs);
            streams.Add((stream, history, new StreamDraft(pipeline, stream, history)
            {
                Readings = await new ReadingsReader(pipeline, options, destination, store, time.GetUtcNow()).ReadAsync(stream, history, cancellationToken),
                Answers = stream.Enrichment is not null && store is not null ? await store.CountAnswersAsync(Enricher.NameOf(pipeline.Name, stream.Name), time.GetUtcNow(), cancellationToken) : 0,
            }));
        }
        return new ForecastBasis(pipeline, options, streams, runs);
    }

    /// <summary>Forecasts the streams that have not ended. Pure.</summary>
    /// <param name="progress">The streams.</param>
    /// <param name="left">Those that have not ended, and how far they had come at the moment that <paramref name="quotas"/> are of.</param>
    /// <param name="quotas">How the quotas stand.</param>
    /// <param name="now">The present.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public RunForecast Forecast(IReadOnlyList<StreamProgress> progress, IReadOnlyList<(StreamProgress Stream, StreamNow? Now)> left, IReadOnlyDictionary<string, QuotaNow> quotas, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var drafts = new List<(StreamProgress Progress, StreamNow? Now, StreamDraft Draft, StreamEstimate Estimate)>();
        foreach (var (one, at) in left)
        {
            if (streams.FirstOrDefault(s => s.Stream.Name == one.Name) is not { Stream: { } stream } known) continue;
            var draft = at is null ? known.Draft : Running(known.Draft, known.History, one, at);
            // Nothing to do: it will say so at once.
            if (draft.Readings.Mode is null) continue;
            if (stream.Parent is { } parent) draft.FollowParent(RecordsOf(parent.Stream, progress, drafts), runs);
            drafts.Add((one, at, draft, StreamEstimate.Of(draft.Facts())));
        }
        var works = drafts.Select(d => Knows(d.Estimate) ? d.Estimate.Work : null).OfType<StreamWork>().ToList();
        var forecasts = Simulation.Run(works, quotas, pipeline.ParallelStreams, now, callsEnd: true, cancellationToken);
        var finishes = new List<StreamFinish>();
        string? behind = null;
        foreach (var (one, at, draft, estimate) in drafts)
        {
            var finish = Finish(one, at, draft, estimate, forecasts?.FirstOrDefault(f => f.Stream == one.Name), tooMuch: forecasts is null);
            if (finish.Unknown is null && behind is not null && at is null) finish = finish with { EndsAt = null, Parks = 0, Bottleneck = null, Unknown = $"it comes after '{behind}', whose end is not known" };
            finishes.Add(finish);
            if (finish.Unknown is not null && (pipeline.ParallelStreams == 1 || drafts.Exists(d => d.Draft.Stream.Parent?.Stream == one.Name))) behind ??= one.Name;
        }
        return new RunForecast(now, finishes);
    }

    private static bool Knows(StreamEstimate estimate) => estimate is { Work: not null, KnowsPages: true, KnowsQuestions: true };

    private static StreamFinish Finish(StreamProgress progress, StreamNow? now, StreamDraft draft, StreamEstimate estimate, StreamForecast? forecast, bool tooMuch) => new(progress.Name, draft.Readings.Done)
    {
        Left = estimate.Records,
        CallsLeft = estimate.Calls,
        Rate = now is { Since.TotalSeconds: > 0 and var seconds } ? progress.Counters[Counter.Read] / seconds : null,
        Slices = progress.Slices ?? draft.Readings.Slices,
        EndsAt = forecast?.EndsAt,
        Parks = forecast?.Parks ?? 0,
        Bottleneck = forecast?.Bottleneck,
        Unknown = forecast is null ? WhyNot(draft, estimate, tooMuch) : null,
    };

    private static string WhyNot(StreamDraft draft, StreamEstimate estimate, bool tooMuch) =>
        estimate.Records is null ? draft.Readings.Mode == RunMode.Incremental ? "how much is new is not known before it is read"
            : draft.Stream.Request.MakesCalls ? "the source has told no total (total_path of the paginator)" : "how many records the source has is not known before it is read"
        : estimate.Calls is null ? "how many records a page has is not known (page_size of the paginator)"
        : !estimate.KnowsPages ? "no call has been answered yet"
        : !estimate.KnowsQuestions ? "enrich has not been answered yet"
        : tooMuch ? "so many calls are left that it would take too long to foretell"
        : "not enough is known of it";

    // Parents that this run takes; null: not known.
    private static long? RecordsOf(string parent, IReadOnlyList<StreamProgress> progress, List<(StreamProgress Progress, StreamNow? Now, StreamDraft Draft, StreamEstimate Estimate)> drafts)
    {
        if (progress.FirstOrDefault(p => p.Name == parent) is not { } above) return null;
        var taken = above.Counters[Counter.Read] - above.Counters[Counter.Skipped] - above.Counters[Counter.Failed];
        return above.Report is not null ? taken : taken + drafts.Find(d => d.Progress == above).Estimate?.Records;
    }

    private StreamDraft Running(StreamDraft before, StreamHistory history, StreamProgress progress, StreamNow now)
    {
        var stream = before.Stream;
        var length = now.PageLength ?? stream.Request.PageSize;
        var readings = now.Slices is { } slices
            ? PlannedReadings.Of(stream.Name, stream.Slices!, now.Mode, slices, now.LastFullRead, length)
            : Whole(stream, history, now, length);
        return new StreamDraft(pipeline, stream, history)
        {
            Readings = options.Limit is { } limit ? readings.Limited(limit - progress.Counters[Counter.Read], length) : readings,
            Running = RunningStream.Of(now, progress.Counters, before.Kept),
        };
    }

    private PlannedReadings Whole(StreamDefinition stream, StreamHistory history, StreamNow now, int? length)
    {
        var reading = now.Reading!.Value;
        var facts = PlannedReadings.FactsOf(reading, length);
        var told = reading.IsLast || (ReadingsReader.TotalCounts(stream, now.Mode) && options.Since is null) ? reading.Records : null;
        var planned = PlannedReadings.Of(now.Mode, facts with { Records = null }, told, now.LastFullRead, reading.ReadBefore == 0 && options.Since is null ? history.Incremental : []);
        // More than the runs before: how much more nobody knows.
        return !reading.IsLast && planned.Readings is [{ AllPages: { } pages } one] && one.Pages >= pages ? planned with { Readings = [one with { Records = null, AllPages = null }] } : planned;
    }
}
