using Tidemark.Enrichment;
using Tidemark.Planning;
using Tidemark.Quotas;
using Tidemark.Records;
using Tidemark.Scanning;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Runs.Plans;

/// <summary>
/// Reads a page of a stream, through its quota, and has its first record enriched where the answer can be kept, so that it is not paid for twice. Writes nothing else.
/// </summary>
internal sealed class StreamProbe(PipelineDefinition pipeline, IStore? store, TimeProvider time, Random random) : IAsyncDisposable
{
    private readonly RunQuotas _quotas = new(pipeline, store, time, random);
    private readonly Opened<ISource> _sources = new();

    /// <summary>Probes. What goes wrong is a part of the result.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="plan">What a run would do.</param>
    /// <param name="values">What templates stand for.</param>
    /// <param name="cancellationToken">Ends a call or a wait.</param>
    public async Task<ProbeResult> ReadAsync(StreamDefinition stream, StreamPlan plan, TemplateValues values, CancellationToken cancellationToken)
    {
        var counters = new StreamCounters();
        try
        {
            var began = time.GetTimestamp();
            var request = new ReadRequest { Stream = stream.Name, Request = stream.Request, Values = values, Counters = counters, Priority = stream.Priority };
            await foreach (var page in SourceOf(pipeline.SourceOf(stream)).ReadAsync(request, cancellationToken))
            {
                using (page)
                {
                    var result = Describe(stream, plan, page);
                    counters.AddTime(Counter.ReadMs, time.GetElapsedTime(began) - TimeSpan.FromMilliseconds(counters[Counter.ThrottledMs]));
                    counters.Add(Counter.Read, page.Records.Count);
                    var error = stream.Enrichment is { } enrichment && store is not null ? await AskAsync(enrichment, stream, page, counters, cancellationToken) : null;
                    return result with { Speeds = MeasuredSpeeds.Of(c => counters[c]), Calls = counters[Counter.Requests], Error = error, Status = error is null ? null : RunStatus.Failed };
                }
            }
            return new ProbeResult { Calls = counters[Counter.Requests], IsLast = true };
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

    // Asks about the first record that has no answer yet; gives why there is none.
    private async Task<string?> AskAsync(EnrichmentDefinition enrichment, StreamDefinition stream, Page page, StreamCounters counters, CancellationToken cancellationToken)
    {
        using var enricher = new Enricher(enrichment, pipeline.Name, stream.Name, SourceOf(enrichment.Source), store, counters, static _ => { }, time);
        var questions = Enumerable.Range(0, page.Records.Count).Select(i => enricher.About(page.Record(i))).OfType<Question>().ToList();
        var known = await enricher.KnownAsync([.. questions.Select(q => q.Id).Distinct(StringComparer.Ordinal)], cancellationToken);
        if (questions.Find(q => !known.ContainsKey(q.Id)) is not { } question) return null;
        try
        {
            await enricher.AskAsync(question, cancellationToken);
            return null;
        }
        catch (SourceException e)
        {
            return $"enrich: {e.Message}";
        }
    }

    private ISource SourceOf(string source) => _sources.Get(source, name => pipeline.Sources[name].Open(new SourceServices { Time = time, Random = random, Quota = _quotas.Of(name) }));
}
