using Tidemark.Enrichment;
using Tidemark.Planning;
using Tidemark.Quotas;
using Tidemark.Records;
using Tidemark.Scanning;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Runs.Plans;

/// <summary>
/// Reads the first pages of a stream, through its quota, and has a record of the first one enriched where the answer can be kept, so that it is not paid for twice. Writes nothing else.
/// </summary>
internal sealed class StreamProbe(PipelineDefinition pipeline, IStore? store, TimeProvider time, Random random) : IAsyncDisposable
{
    private readonly RunQuotas _quotas = new(pipeline, store, time, random);
    private readonly Opened<ISource> _sources = new();

    /// <summary>Probes. What goes wrong is a part of the result.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="plan">What a run would do.</param>
    /// <param name="values">What templates stand for.</param>
    /// <param name="calls">Pages that it reads at most.</param>
    /// <param name="cancellationToken">Ends a call or a wait.</param>
    public async Task<ProbeResult> ReadAsync(StreamDefinition stream, StreamPlan plan, TemplateValues values, int calls, CancellationToken cancellationToken)
    {
        var counters = new StreamCounters();
        try
        {
            ProbeResult? result = null;
            var opening = Counts(counters);
            var (began, waited, pages) = (time.GetTimestamp(), 0L, 0);
            var request = new ReadRequest { Stream = stream.Name, Request = stream.Request, Values = values, Counters = counters, Priority = stream.Priority };
            await foreach (var page in SourceOf(pipeline.SourceOf(stream)).ReadAsync(request, cancellationToken))
            {
                using (page)
                {
                    var described = Describe(stream, plan, page);
                    counters.AddTime(Counter.ReadMs, time.GetElapsedTime(began) - TimeSpan.FromMilliseconds(counters[Counter.ThrottledMs] - waited));
                    counters.Add(Counter.Read, page.Records.Count);
                    if (result is null)
                    {
                        var error = stream.Enrichment is { } enrichment && store is not null ? await AskAsync(enrichment, stream, page, counters, cancellationToken) : null;
                        result = described with { Error = error, Status = error is null ? null : RunStatus.Failed };
                        opening = Counts(counters);
                    }
                    if (++pages == calls || described.IsLast) break;
                    (began, waited) = (time.GetTimestamp(), counters[Counter.ThrottledMs]);
                }
            }
            // The first call opened the connection: those after it, if there are any, took what the others will take.
            var speeds = MeasuredSpeeds.Of(c => counters[c] - opening[c]).Or(MeasuredSpeeds.Of(c => opening[c]));
            return (result ?? new ProbeResult { IsLast = true }) with { Pages = pages, Speeds = speeds, Calls = counters[Counter.Requests] };
        }
        catch (ParkedException e)
        {
            return new ProbeResult { Calls = counters[Counter.Requests], Error = e.Message, Status = RunStatus.Parked };
        }
        catch (Exception e) when (e is SourceException or CursorValueException)
        {
            return new ProbeResult { Calls = counters[Counter.Requests], Error = e.Message, Status = RunStatus.Failed };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sources.DisposeAsync();
        await _quotas.DisposeAsync();
    }

    private static Dictionary<Counter, long> Counts(StreamCounters counters) => Enum.GetValues<Counter>().ToDictionary(c => c, c => counters[c]);

    private static ProbeResult Describe(StreamDefinition stream, StreamPlan plan, Page page)
    {
        var decision = new Scan(plan.Scan).Decide(CursorFieldReader.Of(stream, plan.Scan).Read(page), i => RecordHash.Of(page.Record(i)), page.ServerTime ?? plan.Scan.StartedAt);
        return new ProbeResult
        {
            Total = page.Total,
            Records = page.Records.Count,
            Read = decision.Decisions.Count(d => d is Decision.Take or Decision.Skip),
            IsLast = decision.Stopped || (page.NextPosition is null && !page.CutShort),
        };
    }

    // Asks by one call about the first records that have no answer yet; gives why there is none.
    private async Task<string?> AskAsync(EnrichmentDefinition enrichment, StreamDefinition stream, Page page, StreamCounters counters, CancellationToken cancellationToken)
    {
        await using var enricher = new Enricher(enrichment, pipeline.Name, stream.Name, SourceOf(enrichment.Source), store, counters, static _ => { }, time);
        try
        {
            await enricher.CallOnceAsync([.. Enumerable.Range(0, page.Records.Count).Select(i => enricher.About(page.Record(i))).OfType<Question>()], cancellationToken);
            return null;
        }
        catch (SourceException e)
        {
            return $"enrich: {e.Message}";
        }
    }

    private ISource SourceOf(string source) => _sources.Get(source, name => pipeline.Sources[name].Open(new SourceServices { Time = time, Random = random, Quota = _quotas.Of(name) }));
}
