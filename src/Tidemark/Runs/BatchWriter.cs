using System.Threading.Channels;
using Tidemark.Batching;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Scanning;

namespace Tidemark.Runs;

/// <summary>
/// Puts the records of scanned pages into batches and has each committed with the checkpoint that it completes, one task. What it counts is on disk.
/// </summary>
internal sealed class BatchWriter(StreamContext context, StreamPlan plan, IStreamWriter writer, SemaphoreSlim gate) : IDisposable
{
    private readonly BatchBounds _bounds = new(context.Stream.Batch);
    private readonly BatchCommitter _committer = new(context, writer);
    private PendingBatch _pending = new(context);
    private long _committedAt = context.Time.GetTimestamp();

    // Where the stream stands: what is on disk, and what will be with the next commit.
    private Checkpoint _checkpoint = writer.Checkpoint;
    private ResumePoint _position = plan.Resume ?? Beginning(plan);
    private ScanState _scan = plan.Resume?.Scan ?? new ScanState();
    private bool _resumable;
    private bool _atEnd;
    private long _parentsThrough;
    private bool _startOver = plan.Resume is null && plan.Finishes(context.Stream);

    /// <summary>The checkpoint that is on disk.</summary>
    public Checkpoint Checkpoint => _checkpoint;

    /// <summary>Where the scan stands.</summary>
    public ScanState Scan => _scan;

    /// <summary>Takes pages until the reader is done, then commits what is open and, if the scan was complete, completes the checkpoint.</summary>
    public async Task<ScanEnd> WriteAsync(ChannelReader<ScannedPage> pages, Task<ScanEnd> reading, CancellationToken cancellationToken)
    {
        while (await WaitAsync(pages, cancellationToken))
        {
            while (pages.TryRead(out var page))
            {
                using (page) await TakeAsync(page, cancellationToken);
            }
        }
        var end = await reading;
        _parentsThrough = end.ParentsThrough;
        if (end.Complete) await CompleteAsync(cancellationToken);
        else await FlushAsync(cancellationToken);
        return end;
    }

    public void Dispose() => _pending.Dispose();

    private static ResumePoint Beginning(StreamPlan plan) =>
        new() { Mode = plan.Mode, StartedAt = plan.Scan.StartedAt, Watermark = plan.Scan.Watermark, Boundary = plan.Scan.Boundary };

    private async Task TakeAsync(ScannedPage page, CancellationToken cancellationToken)
    {
        if (page.Restarted)
        {
            _position = Beginning(plan);
            _startOver = plan.Finishes(context.Stream);
        }
        if (page.Decision.State.BoundaryForgotten && context.Target.Disposition == WriteDisposition.Append && plan.MovesWatermark)
        {
            throw new DestinationException(DestinationFault.Guard,
                $"more than 10 000 records lie at or above the watermark {page.Decision.State.Watermark}: read again, they could not be told from new ones. Use write_disposition: merge with a primary_key, or declare the row_order");
        }
        for (var i = page.Done; i < page.End && page.Decision.Decisions[i] != Decision.Beyond; i++)
        {
            if (page.Decision.Decisions[i] == Decision.Skip) _pending.Skipped++;
            else if (page.Decision.Decisions[i] == Decision.Duplicate) _pending.Duplicates++;
            else await AddAsync(page, i, cancellationToken);
        }
        PassTo(page, page.End);
        // The end of a page is the better place to commit: the checkpoint needs no place inside it then. The last page is committed with the end of the scan.
        if (!_atEnd && _bounds.IsFull(_pending.Records)) await FlushAsync(cancellationToken);
    }

    private async Task AddAsync(ScannedPage page, int index, CancellationToken cancellationToken)
    {
        if (_bounds.IsFull(_pending.Records) || _bounds.WouldOverflow(_pending.Records, page.Page.Records[index].Length))
        {
            PassTo(page, index);
            await FlushAsync(cancellationToken);
        }
        _pending.Add(page.Page.Record(index));
    }

    /// <summary>At this point the first <paramref name="done"/> records of the page are in a batch, or need not be.</summary>
    private void PassTo(ScannedPage page, int done)
    {
        if (page.Parent is { } parent)
        {
            // Parents before this one are whole.
            _parentsThrough = Math.Max(_parentsThrough, parent - 1);
            return;
        }
        _resumable = page.Page.Position is not null;
        // Behind the last page there is nothing to go on with: a scan that ends here without being complete (maximum_page) begins anew.
        _atEnd = _resumable && page.Page.NextPosition is null && done == page.Page.Records.Count;
        if (done == page.Page.Records.Count || page.Decision.Stopped)
        {
            _scan = page.Decision.State;
            _position = _position with { Position = page.Page.NextPosition, Done = 0, LastDone = HashOf(page, done), Scan = _scan };
        }
        else
        {
            _position = _position with { Position = page.Page.Position, Done = done, LastDone = HashOf(page, done), Scan = page.Before };
        }
    }

    private static string? HashOf(ScannedPage page, int done) => done == 0 ? null : RecordHash.TextOf(page.Page.Record(done - 1));

    private async Task<bool> WaitAsync(ChannelReader<ScannedPage> pages, CancellationToken cancellationToken)
    {
        var waiting = pages.WaitToReadAsync(cancellationToken).AsTask();
        while (!waiting.IsCompleted)
        {
            var renew = writer.RenewEvery - context.Time.GetElapsedTime(_committedAt);
            // The end of the last page is no place to go on from, so it waits for the end of the scan, which is near.
            var due = _pending.HasRecords && !_atEnd ? _bounds.Remaining(context.Time.GetElapsedTime(_pending.OpenedAt)) : TimeSpan.MaxValue;
            var wait = TimeSpan.FromTicks(Math.Max(0, Math.Min(renew.Ticks, due.Ticks)));
            using var wake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(waiting, Task.Delay(wait, context.Time, wake.Token));
            await wake.CancelAsync();
            if (waiting.IsCompleted) break;
            cancellationToken.ThrowIfCancellationRequested();
            if (due <= renew) await FlushAsync(cancellationToken);
            else await AloneAsync(() => RenewAsync(cancellationToken), cancellationToken);
        }
        return await waiting;
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            await writer.RenewAsync(cancellationToken);
        }
        catch (DestinationException e) when (e.Fault == DestinationFault.Temporary)
        {
            // The lease still has a while to run, and the next commit tells whether it is still ours.
        }
    }

    /// <summary>Commits the open batch; the scan goes on.</summary>
    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_pending.Read + _pending.Duplicates == 0 && _parentsThrough == 0) return;
        await CommitAsync(GoesOn, finish: null, cancellationToken);
    }

    /// <summary>Commits the open batch as the last one of a complete scan.</summary>
    private async Task CompleteAsync(CancellationToken cancellationToken)
    {
        var finish = plan.Finishes(context.Stream)
            ? new FinishOptions { MaxDelete = context.Stream.MaxDelete, AllowEmpty = context.Stream.AllowEmpty, FailedRecords = _position.Failed, Now = context.Time.GetUtcNow() }
            : null;
        try
        {
            await CommitAsync(IsComplete, finish, cancellationToken);
        }
        catch (DestinationException e) when (e.Fault == DestinationFault.Guard && finish is not null && _checkpoint.Resume is not null)
        {
            // What the guard refused must not be taken up again: the next run reads the source anew.
            _pending.Dispose();
            _pending = new PendingBatch(context);
            await CommitAsync(_ => NextBatch() with { Resume = null }, finish: null, cancellationToken);
            throw;
        }
    }

    private Checkpoint NextBatch() => _checkpoint with { BatchNumber = _checkpoint.BatchNumber + 1 };

    private Checkpoint GoesOn(int refused)
    {
        var next = NextBatch();
        if (!plan.MovesWatermark) return next;
        if (_resumable) next = next with { Resume = _atEnd ? null : Position(refused).ToJson() };
        return context.Stream.Incremental?.RowOrder == RowOrder.Asc && !_scan.OrderBroken && _scan.Watermark is { } watermark
            ? next with { Watermark = watermark, Boundary = _scan.Boundary }
            : next;
    }

    private Checkpoint IsComplete(int refused) => !plan.MovesWatermark ? NextBatch() : NextBatch() with
    {
        Complete = true,
        Resume = null,
        LastSuccess = _position.StartedAt,
        Watermark = _scan.Watermark ?? _checkpoint.Watermark,
        Boundary = _scan.Watermark is null ? _checkpoint.Boundary : _scan.Boundary,
        LastFullRead = plan.Mode == RunMode.Incremental ? _checkpoint.LastFullRead : Position(refused).Read,
    };

    private ResumePoint Position(int refused) => _position with { Read = _position.Read + _pending.Read, Failed = _position.Failed + refused };

    private async Task CommitAsync(Func<int, Checkpoint> next, FinishOptions? finish, CancellationToken cancellationToken)
    {
        var refusedNow = 0;
        var steps = new CommitSteps
        {
            Next = refused => next(refusedNow = refused),
            StartOver = _startOver,
            ParentsThrough = _parentsThrough,
            Finish = finish,
            FailedBefore = _position.Failed,
        };
        await AloneAsync(async () => _checkpoint = await _committer.CommitAsync(_pending, steps, cancellationToken), cancellationToken);
        _position = Position(refusedNow);
        _startOver = false;
        var capacity = (int)_pending.Records.ByteSize;
        _pending.Dispose();
        _pending = new PendingBatch(context, capacity);
    }

    // Whoever reads parents uses the same writer, which is for one at a time.
    private async Task AloneAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            await action();
            _committedAt = context.Time.GetTimestamp();
        }
        finally
        {
            gate.Release();
        }
    }
}
