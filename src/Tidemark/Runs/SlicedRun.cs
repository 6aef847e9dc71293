using System.Collections.Concurrent;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Enrichment;
using Tidemark.Slices;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>Runs a stream slice by slice, each as a stream of its own with its own checkpoint and lease.</summary>
/// <remarks>
/// <para>1. Take the lease of the stream: one process at a time hands out its slices.</para>
/// <para>2. Go on with the import that an earlier run has begun, or begin one: <see cref="SlicedImport"/>. Which slices are done, their checkpoints tell.</para>
/// <para>3. Run the others, some side by side. Those that fail are tried again after all others, as often as they may.</para>
/// <para>4. Once all are done, complete the stream's own checkpoint: the next run begins a new import.</para>
/// </remarks>
internal sealed class SlicedRun(StreamContext context, ISource source, IDestination destination, RunOptions options)
{
    private const int MostNamed = 10;

    private readonly SlicesDefinition _slices = context.Stream.Slices!;
    private readonly ConcurrentDictionary<string, SliceState> _states = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<SchemaChange> _changes = new();

    private long _batchNumber;
    // Why no more slices are begun, though some are left.
    private volatile StreamReport? _stoppedBy;

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
            _batchNumber = writer.Checkpoint.BatchNumber;
            if (SlicedImport.Of(context.Stream, options, writer.Checkpoint, writer.TableHadRows, context.Time.GetUtcNow()) is not { } import)
                return (report with { Skipped = true, Mode = RunMode.Incremental }).CountedBy(context);
            report = await ImportAsync(writer, import, report with { Mode = import.Mode, LastFullRead = writer.Checkpoint.LastFullRead }, stopping);
        }
        catch (Exception e)
        {
            report = report.EndedBy(e, stopping);
        }
        return (report with { SchemaChanges = [.. _changes] }).CountedBy(context);
    }

    private async Task<StreamReport> ImportAsync(IStreamWriter writer, SlicedImport import, StreamReport report, CancellationToken stopping)
    {
        // Nothing of what `--since` reads is kept as done.
        var counts = options.Since is null || options.Full;
        var checkpoint = writer.Checkpoint with { Resume = import.ToJson() };
        if (counts && !string.Equals(checkpoint.Resume, writer.Checkpoint.Resume, StringComparison.Ordinal)) checkpoint = await CommitAsync(writer, checkpoint, stopping);

        var known = await destination.ReadSliceCheckpointsAsync(context.PipelineName, context.Stream.Name, stopping);
        var all = _slices.All(import.StartedAt);
        var left = all.Where(s => !counts || !import.IsDone(known.GetValueOrDefault(s.Name, Checkpoint.None))).ToList();
        await KeepPlanAsync(all, left, begins: writer.Checkpoint.Resume is null, stopping);

        await WithLeaseAsync(writer, token => RunAllAsync(left, import, token), stopping);
        report = report with { Slices = Summary() };
        if (_stoppedBy is { } stop)
            return report with { Status = stop.Status, Error = stop.Error, FailedSide = stop.FailedSide, ParkedUntil = stop.ParkedUntil };
        stopping.ThrowIfCancellationRequested();
        if (report.Slices.Failed > 0) return Failed(report);
        if (!counts || report.Slices.Done < report.Slices.Total) return report.Done(context);
        var read = import.Mode == RunMode.Incremental ? checkpoint.LastFullRead : report.Slices.Read;
        await CommitAsync(writer, checkpoint with { Resume = null, Complete = true, LastSuccess = import.StartedAt, LastFullRead = read }, CancellationToken.None);
        return report.Done(context) with { Complete = true };
    }

    // The lease of the stream is kept while its slices, each with a lease of its own, are written.
    private async Task WithLeaseAsync(IStreamWriter writer, Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var keeping = KeepLeaseAsync(writer, ends);
        try
        {
            await work(ends.Token);
        }
        finally
        {
            await ends.CancelAsync();
            await keeping;
        }
    }

    private async Task KeepLeaseAsync(IStreamWriter writer, CancellationTokenSource ends)
    {
        try
        {
            while (true)
            {
                await Task.Delay(writer.RenewEvery, context.Time, ends.Token);
                try
                {
                    await writer.RenewAsync(ends.Token);
                }
                catch (DestinationException e) when (e.Fault == DestinationFault.Temporary)
                {
                    // The slices meet it too, and know how often to try.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The slices have ended.
        }
        catch (DestinationException e)
        {
            _stoppedBy = context.Begun().EndedBy(e, CancellationToken.None);
            await ends.CancelAsync();
        }
    }

    private async Task RunAllAsync(IReadOnlyList<SliceValues> left, SlicedImport import, CancellationToken stopping)
    {
        // With a limit for the stream, each slice has to know what those before it have taken.
        var side = new ParallelOptions { MaxDegreeOfParallelism = options.Limit is null ? _slices.Parallel : 1 };
        for (var attempt = 1; attempt <= _slices.Attempts && left.Count > 0 && GoesOn(stopping); attempt++)
        {
            var failed = new ConcurrentQueue<(int Place, SliceValues Slice)>();
            await Parallel.ForEachAsync(left.Index(), side, async (slice, _) =>
            {
                if (!GoesOn(stopping)) return;
                if (!await RunOneAsync(slice.Item, import, isLastAttempt: attempt == _slices.Attempts, stopping)) failed.Enqueue((slice.Index, slice.Item));
            });
            left = [.. failed.OrderBy(f => f.Place).Select(f => f.Slice)];
        }
    }

    private bool GoesOn(CancellationToken stopping) =>
        _stoppedBy is null && !stopping.IsCancellationRequested && (options.Limit is not { } limit || context.Counters[Counter.Read] < limit);

    // False if another attempt is worth it.
    private async Task<bool> RunOneAsync(SliceValues slice, SlicedImport import, bool isLastAttempt, CancellationToken stopping)
    {
        var before = _states[slice.Name];
        var running = before with { Status = SliceStatus.Running, Attempts = before.Attempts + 1, StartedAt = context.Time.GetUtcNow(), EndedAt = null, Error = null };
        await KeepAsync(running);
        var counters = new StreamCounters(total: context.Counters);
        var own = context with
        {
            Slice = slice,
            Counters = counters,
            Target = context.Target with { Slice = slice.Name },
            // Whether there is anything to do was decided for the stream.
            Stream = context.Stream with { Refresh = context.Stream.Refresh == Refresh.Once ? Refresh.Full : context.Stream.Refresh },
            Warn = text => context.Warn($"slice {slice.Name}: {text}"),
        };
        var limit = options.Limit - context.Counters[Counter.Read];
        var report = await new StreamRun(own, source, destination, options with { Limit = limit, Full = import.Mode != RunMode.Incremental }) { Enricher = Enricher }.RunAsync(stopping);
        foreach (var change in report.SchemaChanges) _changes.Enqueue(change);
        var mayPass = report is { Status: RunStatus.Failed, FailedSide: FailedSide.Source };
        await KeepAsync(running with
        {
            Status = report.Complete ? SliceStatus.Done : mayPass && isLastAttempt ? SliceStatus.Failed : SliceStatus.Pending,
            Read = before.Read + counters[Counter.Read],
            Failed = before.Failed + counters[Counter.Failed],
            Error = report.Error,
            EndedAt = context.Time.GetUtcNow(),
        });
        if (!mayPass && report.Status is RunStatus.Failed or RunStatus.Parked or RunStatus.Interrupted) _stoppedBy ??= report;
        return !mayPass;
    }

    private async Task KeepPlanAsync(IReadOnlyList<SliceValues> all, IReadOnlyList<SliceValues> left, bool begins, CancellationToken cancellationToken)
    {
        // Of an import that goes on, attempts and records so far are known; which slices are done is not for the copy to say.
        var before = begins || context.Slices is null
            ? []
            : (await context.Slices.ListSlicesAsync(context.PipelineName, context.Stream.Name, cancellationToken)).ToDictionary(s => s.Slice, StringComparer.Ordinal);
        var open = left.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in all.Select(s => s.Name))
            _states[name] = before.GetValueOrDefault(name, new SliceState(name, SliceStatus.Pending)) with { Status = open.Contains(name) ? SliceStatus.Pending : SliceStatus.Done };
        if (context.Slices is { } store) await store.ReplaceSlicesAsync(context.PipelineName, context.Stream.Name, [.. all.Select(s => _states[s.Name])], cancellationToken);
    }

    private async Task KeepAsync(SliceState state)
    {
        _states[state.Slice] = state;
        context.OnSlices?.Invoke(Summary());
        if (context.Slices is not { } store) return;
        try
        {
            await store.UpdateSliceAsync(context.PipelineName, context.Stream.Name, state, CancellationToken.None);
        }
        catch (DestinationException e)
        {
            // It is a copy: the next run makes it anew from the checkpoints.
            context.Warn($"the state of slice {state.Slice} could not be kept in the store: {e.Message}");
        }
    }

    private SliceStatistics Summary()
    {
        var states = _states.Values;
        long Count(SliceStatus status) => states.Count(s => s.Status == status);
        return new SliceStatistics(context.Stream.Name, Count(SliceStatus.Pending), Count(SliceStatus.Running), Count(SliceStatus.Done), Count(SliceStatus.Failed),
            states.Sum(s => s.Read), states.Sum(s => s.Failed), states.Sum(s => s.Attempts));
    }

    private StreamReport Failed(StreamReport report)
    {
        var failed = _states.Values.Where(s => s.Status == SliceStatus.Failed).OrderBy(s => s.Slice, StringComparer.Ordinal).ToList();
        foreach (var slice in failed.Take(MostNamed)) context.Warn($"slice {slice.Slice} failed, attempt {slice.Attempts}: {slice.Error}");
        if (failed.Count > MostNamed) context.Warn($"and {failed.Count - MostNamed} more slices failed");
        var text = $"{failed.Count} of {report.Slices!.Total} slices failed; the next run tries them again";
        // Where nothing at all could be read, the source is what is wrong.
        return report.Slices.Done > 0
            ? report with { Status = RunStatus.Partial, Error = text }
            : report with { Status = RunStatus.Failed, FailedSide = FailedSide.Source, Error = $"{text}: {failed[0].Error}" };
    }

    private async Task<Checkpoint> CommitAsync(IStreamWriter writer, Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        var next = checkpoint with { BatchNumber = ++_batchNumber };
        var retry = new CommitRetry(writer, TemporaryFaults.Retry(context.Time, context.Random, context.Counters.RetryWrite));
        var (_, committed) = await retry.RunAsync((_, _) => Task.FromResult((true, next)), cancellationToken);
        return committed;
    }
}
