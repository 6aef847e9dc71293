using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tidemark.Destinations;
using Tidemark.Enrichment;
using Tidemark.Failures;
using Tidemark.Quotas;
using Tidemark.Scanning;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Runs.Retries;

/// <summary>
/// Tries failed records again, stream by stream in declared order: their payloads, as they are kept in the store, are read as the streams are configured now, and written. No source is called, but for the answer of an enrichment
/// that a record lacks and the store has not.
/// What was written is closed; what is refused again stays open with its new reason.
/// </summary>
/// <param name="pipeline">What they belong to.</param>
/// <param name="options">Which.</param>
/// <param name="store">Where they are kept.</param>
public sealed class RetryRun(PipelineDefinition pipeline, RetryOptions options, IFailedRecordStore store)
{
    /// <summary>Where the answers of enrichment are kept; null (default): nowhere.</summary>
    public IAnswerStore? Answers { get; init; }

    /// <summary>Where the quotas are counted that calls of enrichment pass, as those of runs do; null (default): their state ends with the retry.</summary>
    public IQuotaLedger? Ledger { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Randomness, for jitter.</summary>
    public Random Random { get; init; } = new();

    /// <summary>Where it logs.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>Called after each transaction with what the stream has reached.</summary>
    public Action<StreamRetryReport> Progress { get; init; } = static _ => { };

    /// <summary>Runs to the end. Errors of destinations are a part of the report, not exceptions.</summary>
    /// <param name="stopping">Stops after the transaction in hand; the report says interrupted.</param>
    /// <exception cref="DestinationException">The store failed before anything was tried.</exception>
    public async Task<RetryReport> RunAsync(CancellationToken stopping)
    {
        var started = Time.GetTimestamp();
        var selected = await SelectAsync(stopping);
        var reports = new List<StreamRetryReport>();
        await using var quotas = new RunQuotas(pipeline, Ledger, Time, Random);
        await using var sources = new Opened<ISource>();
        await using var destinations = new Opened<IDestination>();
        foreach (var stream in pipeline.Streams.Where(s => selected.Contains(s.Name)))
        {
            var destination = destinations.Get(pipeline.DestinationOf(stream),
                name => pipeline.Destinations[name].Open(new DestinationServices { Time = Time, CompareCursors = CursorKinds.Compare }));
            await using var enricher = EnricherOf(stream, sources, quotas);
            reports.Add(await new StreamRetry(pipeline, stream, store, Time, Random, Log, Progress) { Enricher = enricher }.RunAsync(destination, [.. selected[stream.Name]], options.Patience, stopping));
        }
        return new RetryReport
        {
            PipelineName = pipeline.Name,
            Status = reports.Select(r => r.Status).DefaultIfEmpty(RunStatus.Succeeded).Max(),
            Duration = Time.GetElapsedTime(started),
            Streams = reports,
        };
    }

    private Enricher? EnricherOf(StreamDefinition stream, Opened<ISource> sources, RunQuotas quotas)
    {
        if (stream.Enrichment is not { } enrichment) return null;
        var source = sources.Get(enrichment.Source, name => pipeline.Sources[name].Open(new SourceServices { Time = Time, Random = Random, Quota = quotas.Of(name), Log = Log }));
        return new Enricher(enrichment, pipeline.Name, stream.Name, source, Answers, new StreamCounters(), static _ => { }, Time);
    }

    private async Task<ILookup<string, string>> SelectAsync(CancellationToken cancellationToken)
    {
        var ids = options.Ids.ToHashSet(StringComparer.Ordinal);
        var streams = options.Streams.ToHashSet(StringComparer.Ordinal);
        return (await store.ListOpenAsync(pipeline.Name, cancellationToken))
            .Where(r => (ids.Count == 0 || ids.Contains(r.Id)) && (streams.Count == 0 || streams.Contains(r.Stream)))
            .ToLookup(r => r.Stream, r => r.Id, StringComparer.Ordinal);
    }
}
