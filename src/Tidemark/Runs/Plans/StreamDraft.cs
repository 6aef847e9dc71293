using System.Globalization;
using Tidemark.Definitions;
using Tidemark.Planning;
using Tidemark.Quotas;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Runs.Plans;

/// <summary>A stream while it is planned: what is known of it, and in the end what follows.</summary>
internal sealed class StreamDraft(PipelineDefinition pipeline, StreamDefinition stream, StreamHistory history)
{
    private ProbeResult? _probe;

    public StreamDefinition Stream => stream;

    /// <summary>What would be read.</summary>
    public required PlannedReadings Readings { get; set; }

    /// <summary>Calls that its source makes before the first page.</summary>
    public int CallsAhead { get; init; }

    /// <summary>Answers of enrichment that are kept for it.</summary>
    public long Answers { get; set; }

    /// <summary>What a run that goes on has shown of itself; null: nothing runs.</summary>
    public RunningStream? Running { get; init; }

    /// <summary>Answers that are kept about records that are left, as far as is known before the run.</summary>
    // Records that have changed are asked about anew.
    public long Kept => Readings.Mode == RunMode.Incremental ? 0 : Math.Max(0, Answers - Math.Max(0, Readings.Done - Readings.Failed));

    /// <summary>Takes what a probe has shown.</summary>
    /// <param name="probe">What it has shown.</param>
    /// <param name="ofSlice">True if it was about the first of the readings only.</param>
    public void Learn(ProbeResult probe, bool ofSlice)
    {
        _probe = probe;
        if (probe.Records == 0 && probe.Error is not null) return;
        if (Readings.Slices is null || ofSlice)
        {
            if (Readings.Readings.Count == 0) return;
            var first = Readings.Readings[0];
            var one = probe.IsLast && first.Done == 0 ? first with { Records = probe.Read, AllPages = 1 }
                : probe.Total is { } total && ReadingsReader.TotalCounts(stream, Readings.Mode!.Value) ? first with { Records = total, AllPages = null }
                : first;
            if (one == first) return;
            Readings = Readings with { Readings = [one, .. Readings.Readings.Skip(1)] };
            if (Readings.Readings.Count == 1) Readings = Readings with { RecordsFrom = probe.IsLast ? "all on the page that the probe read" : "as the source says", About = false };
        }
        else if (probe.Total is { } all && Readings.Mode != RunMode.Incremental)
        {
            // What the source says now counts more than what slices that are done let expect.
            Readings = PlannedReadings.Spread(Readings with { Readings = Readings.Told }, all, Readings.Done - Readings.Readings.Sum(r => r.Done), "as the source says of the whole, in slices alike");
        }
    }

    /// <summary>The first slice that is to be read; null: there is none.</summary>
    /// <param name="now">Where a range without an end ends.</param>
    public SliceValues? FirstSlice(DateTimeOffset now) => Readings.FirstSlice is { } name ? stream.Slices!.All(now).FirstOrDefault(s => s.Name == name) : null;

    /// <summary>Takes what is known of its parent: it makes a call for each record that the parent takes.</summary>
    /// <param name="records">How many the parent takes in this run; null: not known, or the parent is not run, and only what waits is read.</param>
    /// <param name="runs">Earlier runs, newest first.</param>
    public void FollowParent(long? records, IReadOnlyList<RunReport> runs)
    {
        var here = Readings.Readings is [var reading] ? reading : default;
        var (pages, children) = runs.Select(r => RatioOf(r, stream.Parent!.Stream)).OfType<(double, double)?>().FirstOrDefault() ?? (1, 0);
        if (records is not { } count || Readings.Mode is null) return;
        Readings = Readings with
        {
            Readings = [here with { Records = (long)Math.Round(count * children), AllPages = (long)Math.Ceiling(count * pages) }],
            RecordsFrom = $"a call for each of the {count.ToString(CultureInfo.InvariantCulture)} records of '{stream.Parent!.Stream}'{(children > 0 ? ", with as many records as before" : "")}",
            About = true,
        };
    }

    /// <summary>All that is known.</summary>
    public StreamFacts Facts()
    {
        var use = pipeline.Sources[pipeline.SourceOf(stream)].Quota;
        var said = use is null ? QuotaSignals.None : pipeline.Quotas[use.Name].Signals & (QuotaSignals.GraphQlCost | QuotaSignals.Keepa);
        var (length, endsEmpty) = PageLength();
        return new StreamFacts
        {
            Stream = stream.Name,
            Request = stream.Request,
            Readings = Readings.Readings,
            Parallel = Readings.Parallel,
            After = stream.Parent?.Stream,
            Priority = stream.Priority,
            Quota = use?.Name,
            Cost = (said == QuotaSignals.None ? null : history.Cost) ?? stream.Request.Cost ?? use?.Cost ?? 1,
            CallsAhead = CallsAhead,
            PageLength = length,
            RecordsAPage = history.Whole is (> 0 and var pages, > 0 and var records) ? (double)records / pages : null,
            EndsEmpty = endsEmpty,
            Speeds = Running is { } running ? running.SpeedsWith(history.Speeds) : history.Speeds.Or(_probe?.Speeds ?? MeasuredSpeeds.None),
            Asks = stream.Enrichment is not { } enrichment ? null : new AskFacts(enrichment.Parallel)
            {
                CallsAnAsk = 1.0 / enrichment.Group,
                Quota = pipeline.Sources[enrichment.Source].Quota?.Name,
                Cost = enrichment.Request.Cost ?? pipeline.Sources[enrichment.Source].Quota?.Cost ?? 1,
                Kept = Running?.Kept ?? Kept,
            },
        };
    }

    /// <summary>What is planned.</summary>
    /// <param name="estimate">What follows from the facts; null: it would not run.</param>
    /// <param name="forecast">Its simulation; null: there is none.</param>
    public PlannedStream Planned(StreamEstimate? estimate, StreamForecast? forecast)
    {
        if (estimate is null) return new PlannedStream { Stream = stream.Name, Records = 0, Calls = 0, Questions = 0, Costs = new Dictionary<string, double>(StringComparer.Ordinal) };
        var facts = Facts();
        var calls = forecast?.Calls ?? estimate.Calls;
        return new PlannedStream
        {
            Stream = stream.Name,
            Mode = Readings.Mode,
            Records = estimate.Records,
            RecordsDone = Readings.Done,
            Slices = Readings.Slices,
            Calls = calls,
            Questions = estimate.Questions,
            Costs = calls is null || estimate.Questions is null ? null : Costs(facts, calls.Value, estimate.Questions.Value),
            Forecast = forecast,
            AtLeast = !estimate.KnowsPages || !estimate.KnowsQuestions,
            About = Readings.About,
            Basis = [.. Basis(facts, estimate)],
            Gaps = [.. Gaps(facts, estimate)],
            Error = _probe?.Error,
            Status = _probe?.Status ?? RunStatus.Succeeded,
        };
    }

    private static (double Pages, double Records)? RatioOf(RunReport run, string parent, string child)
    {
        var (above, below) = (run.Streams.FirstOrDefault(s => s.Stream == parent), run.Streams.FirstOrDefault(s => s.Stream == child));
        if (above is null || below is null || below.Counts[Counter.Pages] == 0) return null;
        var taken = above.Counts[Counter.Read] - above.Counts[Counter.Skipped] - above.Counts[Counter.Failed];
        return taken > 0 ? ((double)below.Counts[Counter.Pages] / taken, (double)below.Counts[Counter.Read] / taken) : null;
    }

    private (double Pages, double Records)? RatioOf(RunReport run, string parent) => RatioOf(run, parent, stream.Name);

    // What was asked for counts only where the pages that were seen agree with it.
    private (int? Length, bool? EndsEmpty) PageLength()
    {
        var length = Running?.PageLength ?? (_probe is { IsLast: false, Records: > 0 and var seen } ? seen : stream.Request.PageSize);
        if (length is not { } known || history.Whole is not { } whole) return (length, null);
        foreach (var empty in new[] { false, true })
        {
            if (stream.Request.PagesOf(whole.Records, known, empty) == whole.Pages) return (known, empty);
        }
        return (Running?.PageLength is not null || _probe is { IsLast: false, Records: > 0 } ? known : null, null);
    }

    private static Dictionary<string, double> Costs(StreamFacts facts, long calls, long questions)
    {
        var costs = new Dictionary<string, double>(StringComparer.Ordinal);
        if (facts.Quota is { } quota && facts.Request.MakesCalls) costs[quota] = calls * facts.Cost;
        if (facts.Asks is { Quota: { } other } asks) costs[other] = costs.GetValueOrDefault(other) + (questions * asks.Cost * (facts.Speeds.CallsAnAsk ?? asks.CallsAnAsk));
        return costs;
    }

    private IEnumerable<string> Basis(StreamFacts facts, StreamEstimate estimate)
    {
        if (Readings.RecordsFrom is { } from && estimate.Records is not null) yield return $"records: {from}";
        var run = history.SpeedsOf is { } time ? $"the run of {time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC" : null;
        if (facts.Speeds.Latency is { } latency) yield return $"a call takes {Short(latency)}, {(history.Speeds.Latency is not null ? $"as in {run}" : _probe is { Pages: > 1 and var pages } ? $"as the probe's did behind the first one, {pages - 1} of them" : "as the probe's did, with its connection")}";
        if (estimate.Questions > 0 && facts.Speeds.AskEach is { } question)
            yield return $"an answer of enrich takes {Short(question)}, {(history.Speeds.AskEach is null ? "as the probe's did, with its connection" : $"as in {run}")}";
        if (facts.Asks is { Kept: > 0 and var kept } && estimate.Questions is not null) yield return $"{kept.ToString(CultureInfo.InvariantCulture)} answers of enrich are kept already";
    }

    private IEnumerable<PlanGap> Gaps(StreamFacts facts, StreamEstimate estimate)
    {
        const string Probe = "tidemark plan --probe";
        if (estimate.Records is null)
            yield return new PlanGap("how many records there are", _probe is null && facts.Request.MakesCalls && stream.Parent is null
                ? $"{Probe}, if the source tells a total (total_path of the paginator); else a complete run" : "a complete run; the source tells no total, or total_path of the paginator does not say where");
        else if (estimate.Calls is null)
            yield return new PlanGap("how many records a page has", _probe is null ? $"page_size of the paginator, or {Probe}" : "page_size of the paginator, or a complete run");
        if (!estimate.KnowsPages)
            yield return facts.Request.MakesCalls ? new PlanGap("how long a call takes", _probe is null && stream.Parent is null ? $"{Probe}, or a first run" : "a first run") : new PlanGap("how fast the source is read", "a first run");
        if (!estimate.KnowsQuestions && estimate.Questions is not 0)
            yield return new PlanGap("how long an answer of enrich takes", _probe is null ? $"{Probe}, which asks about one record, or tidemark run {stream.Name} --limit 100" : $"tidemark run {stream.Name} --limit 100");
    }

    private static string Short(TimeSpan span) => Durations.Format(span < TimeSpan.FromSeconds(1) ? TimeSpan.FromMilliseconds(Math.Round(span.TotalMilliseconds, 1)) : TimeSpan.FromSeconds(Math.Round(span.TotalSeconds, 2)));
}
