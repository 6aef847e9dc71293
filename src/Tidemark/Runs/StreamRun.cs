using System.Threading.Channels;
using Tidemark.Destinations;
using Tidemark.Enrichment;
using Tidemark.Failures;
using Tidemark.Quotas;
using Tidemark.Scanning;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>
/// Runs one stream: takes its lease, plans from its checkpoint, then one task reads and scans while another batches and writes.
/// </summary>
internal sealed class StreamRun(StreamContext context, ISource source, IDestination destination, RunOptions options)
{
    /// <summary>Asks about each record; null: nobody does. Whoever made it disposes it.</summary>
    public Enricher? Enricher { get; init; }

    /// <summary>Runs to the end, whatever it is: errors become a part of the report.</summary>
    /// <param name="stopping">Stops reading; what was read is committed.</param>
    public async Task<StreamReport> RunAsync(CancellationToken stopping)
    {
        var report = context.Begun();
        try
        {
            await using var writer = await LeaseTaking.OpenAsync(destination, context.Target, options.LeaseWait, context.Time, context.Log, stopping);
            report = await RunAsync(writer, stopping);
        }
        catch (Exception e)
        {
            report = report.EndedBy(e, stopping).CountedBy(context);
        }
        return report;
    }

    /// <summary>As the other one, under a lease that was taken.</summary>
    /// <param name="writer">The lease; its owner gives it back.</param>
    /// <param name="stopping">Stops reading; what was read is committed.</param>
    public async Task<StreamReport> RunAsync(IStreamWriter writer, CancellationToken stopping)
    {
        var report = context.Begun();
        try
        {
            if (Enricher is not null) await Enricher.PurgeAsync(stopping);
            var plan = StreamPlan.Of(context.Stream, options, writer.Checkpoint, writer.TableHadRows, context.Time.GetUtcNow(), context.Slice, context.Import);
            var before = writer.Checkpoint;
            report = report with { Mode = plan.Mode, WatermarkBefore = before.Watermark, WatermarkAfter = before.Watermark, LastFullRead = before.LastFullRead };
            if (before.Complete && !writer.TableHadRows && plan.Mode == RunMode.Incremental && before.LastFullRead > 0)
                context.Warn($"the table '{context.Target.Table}' has no rows, though the stream was copied before: only what is new is read. If the rows are missed: {(context.Target.Disposition == WriteDisposition.Append ? $"tidemark reset {context.Stream.Name}, then run again" : $"tidemark run {context.Stream.Name} --full")}");
            if (plan.Skip) return (report with { Skipped = true, Mode = RunMode.Incremental }).CountedBy(context);
            report = await TransferAsync(writer, plan, report, stopping);
        }
        catch (Exception e)
        {
            report = report.EndedBy(e, stopping);
        }
        return report.CountedBy(context);
    }

    private async Task<StreamReport> TransferAsync(IStreamWriter writer, StreamPlan plan, StreamReport report, CancellationToken stopping)
    {
        using var gate = new SemaphoreSlim(1);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var batches = new PageWriter(context, plan, writer, gate);
        var read = NewChannel();
        var track = context.Slice is null ? context.Track?.Begin(plan, writer.Checkpoint.LastFullRead, context) : context.Track?.Open(plan, context.Counters);
        // What one slice gives back is not what another one has taken, though they are of one stream.
        var allowance = new RecordAllowance(context.Quota, context.Slice is { } slice ? $"{context.Stream.Name} {slice.Name}" : context.Stream.Name);
        var reader = new ScanReader(context.Stream, source, plan, options, context.Counters, context.Warn, context.Time) { Allowance = allowance, Parents = Parents(writer, plan, gate, reading.Token), Track = track };
        // Task.Run, as a source may work for long before it first waits: reading and writing have a core each.
        var readEnd = Task.Run(() => reader.ReadAsync(read.Writer, reading.Token), CancellationToken.None);
        var stage = Enricher is null ? null : new EnrichStage(Enricher, reading.Cancel);
        // What the writer sees: the reader, or the stage before it.
        var pages = stage is null ? read : NewChannel();
        var end = stage is null ? readEnd : Task.Run(() => stage.RunAsync(read.Reader, readEnd, pages.Writer, reading.Token), CancellationToken.None);
        try
        {
            // A stopped run still writes what was read, so the writer does not know of stopping.
            var scanned = await batches.WriteAsync(pages.Reader, end, CancellationToken.None);
            report = Ended(report with { StoppedEarly = scanned.StoppedEarly, Complete = scanned.Complete }, scanned, batches.Scan, stopping);
        }
        catch (DestinationException e)
        {
            report = report.FailedBy(FailedSide.Destination, e.Message);
        }
        finally
        {
            await reading.CancelAsync();
            pages.Writer.TryComplete();
            while (pages.Reader.TryRead(out var left)) left.Dispose();
            await ((Task)end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (pages.Reader.TryRead(out var left)) left.Dispose();
        }
        await ReturnAsync(allowance);
        var at = batches.Checkpoint;
        var scanRead = ResumePoint.FromJson(at.Resume)?.Read ?? (report.Complete && plan.Mode != RunMode.Incremental ? at.LastFullRead : null);
        return report with { WatermarkAfter = at.Watermark, SchemaChanges = writer.SchemaChanges, ScanRead = scanRead };
    }

    private static Channel<ScannedPage> NewChannel() => Channel.CreateBounded<ScannedPage>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });

    // What was committed is committed, whether or not budgets get back what was taken beyond it.
    private async Task ReturnAsync(RecordAllowance allowance)
    {
        try
        {
            await allowance.ReturnAsync(context.Counters[Counter.Read] - context.Counters[Counter.Skipped]);
        }
        catch (DestinationException e)
        {
            context.Warn($"records that were not written still count in the quota's budget, as the store failed: {e.Message}");
        }
    }

    private IAsyncEnumerable<(long Number, TemplateValues Values)>? Parents(IStreamWriter writer, StreamPlan plan, SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        if (context.Stream.Parent is null) return null;
        var queue = ParentQueue.Name(context.PipelineName, context.Stream.Name);
        var retry = TemporaryFaults.Retry(context.Time, context.Random, context.Counters.RetryWrite);
        return ParentQueue.ReadAsync(async (after, count) =>
        {
            await gate.WaitAsync(cancellationToken);
            try
            {
                return await retry.ExecuteAsync(async token => await writer.PeekAsync(queue, after, count, token), cancellationToken);
            }
            finally
            {
                gate.Release();
            }
        }, plan.Values, cancellationToken);
    }

    private StreamReport Ended(StreamReport report, ScanEnd end, ScanState scan, CancellationToken stopping)
    {
        if (scan.Missing + scan.Unreadable > 0)
            context.Warn($"records without a value in the cursor field '{context.Stream.Incremental?.CursorField}': {scan.Missing}; unreadable: {scan.Unreadable}");
        if (context.Stream.ExpectMaxRead is { } most && report.Mode == RunMode.Incremental && context.Counters[Counter.Read] > most)
            context.Warn($"{context.Counters[Counter.Read]} records read by an incremental run, more than expected ({most})");
        return end.Error switch
        {
            null => report.Done(context),
            ParkedException parked => report with { Status = RunStatus.Parked, Error = parked.Message, ParkedUntil = parked.Until },
            OperationCanceledException when stopping.IsCancellationRequested => report with { Status = RunStatus.Interrupted },
            var error => report.FailedBy(FailedSide.Source, error.Message),
        };
    }
}
