using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tidemark.Destinations;
using Tidemark.Enrichment;
using Tidemark.Scanning;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>
/// Runs the streams of a pipeline once, in declared order, <see cref="PipelineDefinition.ParallelStreams"/> at a time; a child after its parent. A stream that fails does
/// not stop the others.
/// </summary>
/// <param name="pipeline">What to run.</param>
/// <param name="options">What is asked of this run.</param>
/// <param name="store">Where the run and failed records are kept; null: nowhere, and the first failed record stops its stream.</param>
public sealed class PipelineRun(PipelineDefinition pipeline, RunOptions options, IStore? store)
{
    private readonly ConcurrentQueue<string> _warnings = new();

    /// <summary>The run's id; null (default): a new one, which sorts by time.</summary>
    public string? RunId { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Randomness, for jitter.</summary>
    public Random Random { get; init; } = new();

    /// <summary>Where the run logs.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>Where calls to sources are logged, each with its address, status, duration and size; default: nowhere.</summary>
    public ILogger AccessLog { get; init; } = NullLogger.Instance;

    /// <summary>The run as it goes.</summary>
    public RunProgress Progress { get; } = new();

    /// <summary>The names of the streams that it runs, in declared order.</summary>
    /// <exception cref="Definitions.ConfigException">A stream is asked for that does not exist.</exception>
    public IReadOnlyList<string> Streams => [.. pipeline.Select(options.Streams).Select(s => s.Name)];

    /// <summary>Runs to the end. Errors of sources and destinations are a part of the report, not exceptions.</summary>
    /// <param name="stopping">Stops reading; batches in hand are committed, and the report says interrupted.</param>
    /// <exception cref="Definitions.ConfigException">A stream is asked for that does not exist.</exception>
    public async Task<RunReport> RunAsync(CancellationToken stopping)
    {
        var startedAt = Time.GetUtcNow();
        var started = Time.GetTimestamp();
        var runId = RunId ?? NewId(startedAt);
        Progress.RunId = runId;
        var selected = pipeline.Select(options.Streams);
        var counters = new StreamCounters();
        Progress.Streams = [.. selected.Select(s => new StreamProgress(s.Name, Labels(s), counters))];

        await using var quotas = new RunQuotas(pipeline, store, Time, Random);
        Progress.Quotas = quotas;
        await using var sources = new Opened<ISource>();
        await using var destinations = new Opened<IDestination>();
        using var slots = new SemaphoreSlim(pipeline.ParallelStreams);
        var ended = new Dictionary<string, Task<StreamReport>>(StringComparer.Ordinal);
        foreach (var (stream, progress) in selected.Zip(Progress.Streams))
        {
            // Entering a slot here keeps the declared order; a child does not hold one while its parent runs.
            if (stream.Parent is { } parent && ended.TryGetValue(parent.Stream, out var before)) await before;
            await slots.WaitAsync(CancellationToken.None);
            ended[stream.Name] = RunOneAsync(stream, progress, runId, quotas, sources, destinations, slots, stopping);
        }
        var reports = await Task.WhenAll(ended.Values);
        var ordered = selected.Select(s => reports.Single(r => string.Equals(r.Stream, s.Name, StringComparison.Ordinal))).ToList();
        var report = new RunReport
        {
            RunId = runId,
            PipelineName = pipeline.Name,
            Status = ordered.Select(r => r.Status).DefaultIfEmpty(RunStatus.Succeeded).Max(),
            StartedAt = startedAt,
            Duration = Time.GetElapsedTime(started),
            Throttled = TimeSpan.FromMilliseconds(counters[Counter.ThrottledMs]),
            Streams = ordered,
            Warnings = [.. _warnings.Distinct(StringComparer.Ordinal)],
        };
        return await KeptAsync(report);
    }

    // What was copied is committed, whatever becomes of the run's own record.
    private async Task<RunReport> KeptAsync(RunReport report)
    {
        if (store is null) return report;
        try
        {
            await store.AddRunAsync(report, CancellationToken.None);
            return report;
        }
        catch (DestinationException e)
        {
            return report with { Warnings = [.. report.Warnings, $"the run could not be kept in the store: {e.Message}"] };
        }
    }

    private async Task<StreamReport> RunOneAsync(
        StreamDefinition stream, StreamProgress progress, string runId, RunQuotas quotas, Opened<ISource> sources, Opened<IDestination> destinations, SemaphoreSlim slots, CancellationToken stopping)
    {
        try
        {
            if (stopping.IsCancellationRequested) return progress.Report = NotStarted(stream);
            progress.Running = true;
            var context = new StreamContext
            {
                PipelineName = pipeline.Name,
                RunId = runId,
                Stream = stream,
                Target = stream.Target(pipeline.Name, ignoreCursor: options.Full),
                Children = [.. pipeline.Streams.Where(s => string.Equals(s.Parent?.Stream, stream.Name, StringComparison.Ordinal))],
                Counters = progress.Counters,
                Failures = store,
                Quota = quotas.Of(pipeline.SourceOf(stream)),
                Slices = store,
                Track = progress.Track,
                OnSlices = slices => progress.Slices = slices,
                Warn = text => _warnings.Enqueue($"{stream.Name}: {text}"),
                Log = Log,
                Time = Time,
                Random = Random,
            };
            ISource Source(string called) =>
                sources.Get(called, name => pipeline.Sources[name].Open(new SourceServices { Time = Time, Random = Random, Quota = quotas.Of(name), Log = Log, AccessLog = AccessLog }));
            await using var enricher = stream.Enrichment is { } enrichment ? new Enricher(enrichment, pipeline.Name, stream.Name, Source(enrichment.Source), store, progress.Counters, context.Warn, Time) : null;
            var source = Source(pipeline.SourceOf(stream));
            var destination = destinations.Get(pipeline.DestinationOf(stream),
                name => pipeline.Destinations[name].Open(new DestinationServices { Time = Time, CompareCursors = CursorKinds.Compare }));
            // Task.Run, as a destination may work for long without waiting: streams side by side must not wait for each other.
            return progress.Report = await Task.Run(() => stream.Slices is null
                ? new StreamRun(context, source, destination, options) { Enricher = enricher }.RunAsync(stopping)
                : new SlicedRun(context, source, destination, options) { Enricher = enricher }.RunAsync(stopping), CancellationToken.None);
        }
        catch (Exception e)
        {
            // A defect of ours or of a connector, or a definition that code has put together wrongly: this stream ends with it, the others go on.
            return progress.Report = NotStarted(stream) with { Status = RunStatus.Failed, FailedSide = FailedSide.Source, Error = $"unexpected {e.GetType().Name}: {e.Message}" };
        }
        finally
        {
            progress.Running = false;
            slots.Release();
        }
    }

    /// <summary>An id for a run.</summary>
    /// <param name="at">When it starts.</param>
    public static string NewId(DateTimeOffset at) => Guid.CreateVersion7(at).ToString("n");

    // A stream without a source, which only code can put together, fails when it is its turn.
    private StreamLabels Labels(StreamDefinition stream) => new(pipeline.Name, stream.Name, stream.Source ?? pipeline.Sources.Keys.FirstOrDefault() ?? "");

    private static StreamReport NotStarted(StreamDefinition stream) => new()
    {
        Stream = stream.Name,
        Status = RunStatus.Interrupted,
        Mode = RunMode.Incremental,
        Counts = Enum.GetValues<Counter>().ToDictionary(c => c, _ => 0L),
    };
}
