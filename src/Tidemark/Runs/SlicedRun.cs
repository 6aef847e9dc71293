using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Enrichment;
using Tidemark.Records;
using Tidemark.Slices;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>Runs a stream slice by slice, each as a stream of its own with its own checkpoint and lease.</summary>
/// <remarks>
/// <para>1. Take the lease of the stream: one process at a time hands out its slices. Where slices are for imports only, and there was one, the stream is read as a whole under this lease.</para>
/// <para>2. Go on with the import that an earlier run has begun, or begin one: <see cref="SlicedImport"/>. Which slices are done, their checkpoints tell.</para>
/// <para>3. Where something is to be learned from the import's first answer, one slice at a time is read until it has come, and nothing of it is committed before that is on disk.</para>
/// <para>4. Run the others, some side by side. Those that fail are tried again after all others, as often as they may.</para>
/// <para>5. Once all are done, complete the stream's own checkpoint: the next run begins a new import.</para>
/// </remarks>
internal sealed class SlicedRun(StreamContext context, ISource source, IDestination destination, RunOptions options)
{
    private const int MostNamed = 10;

    private readonly SlicesDefinition _slices = context.Stream.Slices!;
    private readonly SliceStates _states = new(context);
    private readonly ConcurrentQueue<SchemaChange> _changes = new();

    private SlicedImport _import = new();
    private FirstAnswer? _first;
    // Of pages: the slices that the first answer has told of, until they are handed out.
    private IReadOnlyList<SliceValues> _more = [];
    // Why no more slices are begun, though some are left.
    private volatile StreamReport? _stoppedBy;

    private bool IsWhole => _slices.Incremental == SlicedIncremental.Whole;

    /// <summary>Asks about each record; null: nobody does.</summary>
    public Enricher? Enricher { get; init; }

    /// <summary>Runs to the end, whatever it is: errors become a part of the report.</summary>
    /// <param name="stopping">Stops reading; what was read is committed.</param>
    public async Task<StreamReport> RunAsync(CancellationToken stopping)
    {
        var report = context.Begun();
        try
        {
            await using var writer = await LeaseTaking.OpenAsync(destination, context.Target, options.LeaseWait, context.Time, context.Log, stopping);
            if (SlicedImport.IsWhole(context.Stream, options, writer.Checkpoint))
                return await new StreamRun(context, source, destination, options) { Enricher = Enricher }.RunAsync(writer, stopping);
            var before = writer.Checkpoint;
            if (SlicedImport.Of(context.Stream, options, before, writer.TableHadRows, context.Time.GetUtcNow()) is not { } import)
                return (report with { Skipped = true, Mode = RunMode.Incremental }).CountedBy(context);
            _import = import;
            report = report with { Mode = import.Mode, LastFullRead = before.LastFullRead, WatermarkBefore = before.Watermark, WatermarkAfter = before.Watermark };
            using var lease = new ImportLease(context, writer);
            report = await ImportAsync(lease, report, stopping);
        }
        catch (Exception e)
        {
            report = report.EndedBy(e, stopping);
        }
        return (report with { SchemaChanges = [.. _changes] }).CountedBy(context);
    }

    private async Task<StreamReport> ImportAsync(ImportLease lease, StreamReport report, CancellationToken stopping)
    {
        // Nothing of what `--since` reads is kept as done.
        var counts = options.Since is null || options.Full;
        var begins = lease.Checkpoint.Resume is null;
        if (counts && !string.Equals(_import.ToJson(), lease.Checkpoint.Resume, StringComparison.Ordinal)) await lease.CommitAsync(lease.Checkpoint with { Resume = _import.ToJson() }, stopping);
        var known = await destination.ReadSliceCheckpointsAsync(context.PipelineName, context.Stream.Name, stopping);
        var all = AllSlices();
        var left = all.Where(s => !counts || !_import.IsDone(known.GetValueOrDefault(s.Name, Checkpoint.None))).ToList();
        await _states.PlanAsync(_import, all, counts ? known : new Dictionary<string, Checkpoint>(StringComparer.Ordinal), begins, stopping);
        context.Track?.BeginSlices(_import.Mode, lease.Checkpoint.LastFullRead, _states, context.Time);
        // Where slices were read already, this comes too late: then the first run after the import reads everything once more.
        if (counts && (IsWhole || _slices.Pages is not null) && _import.Start is null && !known.Values.Any(_import.HasBegun)) _first = Listening(lease);

        await lease.WhileAsync(token => RunAllAsync(left, token), e => _stoppedBy = context.Begun().EndedBy(e, CancellationToken.None), stopping);
        report = report with { Slices = _states.Summary() };
        if (_stoppedBy is { } stop)
            return report with { Status = stop.Status, Error = stop.Error, FailedSide = stop.FailedSide, ParkedUntil = stop.ParkedUntil };
        stopping.ThrowIfCancellationRequested();
        if (report.Slices.Failed > 0) return Failed(report);
        if (!counts || report.Slices.Done < report.Slices.Total) return report.Done(context);
        await lease.CommitAsync(await CompletedAsync(lease.Checkpoint, AllSlices(), CancellationToken.None), CancellationToken.None);
        return report.Done(context) with { Complete = true, WatermarkAfter = lease.Checkpoint.Watermark };
    }

    private async Task<Checkpoint> CompletedAsync(Checkpoint checkpoint, IReadOnlyList<SliceValues> all, CancellationToken cancellationToken)
    {
        var next = checkpoint with { Resume = null, Complete = true, LastSuccess = _import.StartedAt };
        if (_import.Mode == RunMode.Incremental && !IsWhole) return next;
        var known = await destination.ReadSliceCheckpointsAsync(context.PipelineName, context.Stream.Name, cancellationToken);
        var read = all.Select(s => known.GetValueOrDefault(s.Name, Checkpoint.None)).ToList();
        if (_import.Mode != RunMode.Incremental) next = next with { LastFullRead = read.Sum(c => c.LastFullRead ?? 0) };
        // Which records lie at this watermark nobody remembers: they are read once more, and found unchanged.
        return IsWhole ? next with { Watermark = _import.WatermarkOf(context.Stream.Incremental, read), Boundary = null } : next;
    }

    private FirstAnswer Listening(ImportLease lease) => new(source, (page, askedAt, token) => LearnAsync(lease, page, askedAt, token), context.Time);

    private async Task LearnAsync(ImportLease lease, Page page, DateTimeOffset askedAt, CancellationToken cancellationToken)
    {
        var import = _import with { Start = ImportStart.Of(_slices, context.Stream.Request, page, askedAt) };
        await lease.CommitAsync(lease.Checkpoint with { Resume = import.ToJson() }, cancellationToken);
        _import = import;
        if (_slices.Pages is null) return;
        var all = AllSlices();
        _more = [.. all.Skip(1)];
        await _states.PlanAsync(_import, all, new Dictionary<string, Checkpoint>(StringComparer.Ordinal), begins: true, cancellationToken);
    }

    private IReadOnlyList<SliceValues> AllSlices() => _slices.All(_import.StartedAt, _import.Start?.Total, _import.Start?.PageLength);

    private async Task RunAllAsync(IReadOnlyList<SliceValues> left, CancellationToken stopping)
    {
        // With a limit for the stream, each slice has to know what those before it have taken.
        var side = new ParallelOptions { MaxDegreeOfParallelism = options.Limit is null ? _slices.Parallel : 1 };
        for (var attempt = 1; attempt <= _slices.Attempts && left.Count > 0 && GoesOn(stopping); attempt++)
        {
            var failed = new ConcurrentQueue<(int Place, SliceValues Slice)>();
            await Parallel.ForEachAsync(HandOutAsync(left, CancellationToken.None), side, async (slice, _) =>
            {
                try
                {
                    if (!GoesOn(stopping)) return;
                    if (!await RunOneAsync(slice.Values, isLastAttempt: attempt == _slices.Attempts, stopping)) failed.Enqueue((slice.Place, slice.Values));
                }
                finally
                {
                    slice.Ended.SetResult();
                }
            });
            left = [.. failed.OrderBy(f => f.Place).Select(f => f.Slice)];
        }
    }

    private async IAsyncEnumerable<(int Place, SliceValues Values, TaskCompletionSource Ended)> HandOutAsync(IReadOnlyList<SliceValues> left, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (place, slice) in left.Index())
        {
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            yield return (place, slice, ended);
            // One at a time, until the source has answered.
            if (_first is { Heard.IsCompleted: false } first) await Task.WhenAny(first.Heard, ended.Task).WaitAsync(cancellationToken);
        }
        var more = _more;
        _more = [];
        foreach (var (place, slice) in more.Index()) yield return (left.Count + place, slice, new TaskCompletionSource());
    }

    private bool GoesOn(CancellationToken stopping) =>
        _stoppedBy is null && !stopping.IsCancellationRequested && (options.Limit is not { } limit || context.Counters[Counter.Read] < limit);

    // False if another attempt is worth it.
    private async Task<bool> RunOneAsync(SliceValues slice, bool isLastAttempt, CancellationToken stopping)
    {
        var before = _states[slice];
        var running = before with { Status = SliceStatus.Running, Attempts = before.Attempts + 1, StartedAt = context.Time.GetUtcNow(), EndedAt = null, Error = null };
        await _states.KeepAsync(running);
        var counters = new StreamCounters(total: context.Counters);
        var own = context with
        {
            Slice = slice,
            Counters = counters,
            Target = context.Target with { Slice = slice.Name },
            // Whether there is anything to do was decided for the stream.
            Stream = context.Stream with { Refresh = context.Stream.Refresh == Refresh.Once ? Refresh.Full : context.Stream.Refresh },
            Import = IsWhole ? _import : null,
            Warn = text => context.Warn($"slice {slice.Name}: {text}"),
        };
        var limit = options.Limit - context.Counters[Counter.Read];
        var report = await new StreamRun(own, _first ?? source, destination, options with { Limit = limit, Full = _import.Mode != RunMode.Incremental }) { Enricher = Enricher }.RunAsync(stopping);
        foreach (var change in report.SchemaChanges) _changes.Enqueue(change);
        // Where the service of enrich is down, the other slices would only pay for pages that can't go on.
        var mayPass = report is { Status: RunStatus.Failed, FailedSide: FailedSide.Source } && Enricher is not { SeemsDown: true };
        await _states.KeepAsync(running with
        {
            Status = report.Complete ? SliceStatus.Done : mayPass && isLastAttempt ? SliceStatus.Failed : SliceStatus.Pending,
            // Where its checkpoint does not tell, it is what was counted.
            Read = report.ScanRead ?? before.Read + counters[Counter.Read],
            Failed = before.Failed + counters[Counter.Failed],
            Error = report.Error,
            EndedAt = context.Time.GetUtcNow(),
        });
        if (report.Complete) context.Track?.Close(slice.Name);
        if (!mayPass && report.Status is RunStatus.Failed or RunStatus.Parked or RunStatus.Interrupted) _stoppedBy ??= report;
        return !mayPass;
    }

    private StreamReport Failed(StreamReport report)
    {
        var failed = _states.Failed;
        foreach (var slice in failed.Take(MostNamed)) context.Warn($"slice {slice.Slice} failed, attempt {slice.Attempts}: {slice.Error}");
        if (failed.Count > MostNamed) context.Warn($"and {failed.Count - MostNamed} more slices failed");
        var text = $"{failed.Count} of {report.Slices!.Total} slices failed; the next run tries them again";
        // Where nothing at all could be read, the source is what is wrong.
        return report.Slices.Done > 0
            ? report with { Status = RunStatus.Partial, Error = text }
            : report with { Status = RunStatus.Failed, FailedSide = FailedSide.Source, Error = $"{text}: {failed[0].Error}" };
    }
}
