using System.Threading.Channels;
using Tidemark.Batching;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Scanning;
using Tidemark.Validation;

namespace Tidemark.Runs;

/// <summary>
/// Puts the records of scanned pages into batches, one task, and has each committed with the checkpoint that it completes while it fills the next. What is counted is on disk.
/// </summary>
internal sealed class PageWriter : IDisposable
{
    private readonly StreamContext _context;
    private readonly StreamPlan _plan;
    private readonly BatchBounds _bounds;
    private readonly CommitSequence _commits;
    private PendingBatch _pending;
    private PendingBatch _committing;

    // Where the stream stands when the open batch is committed.
    private ResumePoint _position;
    private ScanState _scan;
    private bool _resumable;
    private bool _atEnd;
    private long _parentsThrough;
    private bool _startOver;

    /// <param name="context">The stream.</param>
    /// <param name="plan">What the scan reads.</param>
    /// <param name="writer">Where batches go.</param>
    /// <param name="gate">Held by whoever uses the writer.</param>
    public PageWriter(StreamContext context, StreamPlan plan, IStreamWriter writer, SemaphoreSlim gate)
    {
        (_context, _plan) = (context, plan);
        _bounds = new BatchBounds(context.Stream.Batch);
        _commits = new CommitSequence(context, plan, writer, gate);
        var known = new KnownFields(writer.Fields);
        var validator = new RecordValidator(context.Stream.Rules);
        (_pending, _committing) = (new PendingBatch(context, validator, known), new PendingBatch(context, validator, known));
        _position = plan.Resume ?? Beginning(plan);
        _scan = plan.Resume?.Scan ?? new ScanState();
        _startOver = plan.Resume is null && plan.Finishes(context.Stream);
    }

    /// <summary>The checkpoint that is on disk.</summary>
    public Checkpoint Checkpoint => _commits.Checkpoint;

    /// <summary>Where the scan stands.</summary>
    public ScanState Scan => _scan;

    /// <summary>Takes pages until the reader is done, then commits what is open and, if the scan was complete, completes the checkpoint.</summary>
    public async Task<ScanEnd> WriteAsync(ChannelReader<ScannedPage> pages, Task<ScanEnd> reading, CancellationToken cancellationToken)
    {
        try
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
            if (end.Complete) await _commits.CompleteAsync(Close(), cancellationToken);
            else await FlushAsync(cancellationToken);
            await _commits.Running;
            return end;
        }
        finally
        {
            // Whatever went wrong, nobody may dispose what a commit still uses.
            await _commits.Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsBusy => !_commits.Running.IsCompleted;

    // Refused records wait in memory as well, however few of the others there are.
    private bool IsFull => _bounds.IsFull(_pending.Records, IsBusy) || _pending.Refused.Count >= BatchDefinition.DefaultCount || _pending.RefusedSize >= BatchDefinition.DefaultByteSize;

    public void Dispose()
    {
        _pending.Dispose();
        _committing.Dispose();
    }

    private static ResumePoint Beginning(StreamPlan plan) =>
        new() { Mode = plan.Mode, StartedAt = plan.Scan.StartedAt, Watermark = plan.Scan.Watermark, Boundary = plan.Scan.Boundary };

    private async Task TakeAsync(ScannedPage page, CancellationToken cancellationToken)
    {
        if (page.Restarted)
        {
            await _commits.StartOverAsync();
            _position = Beginning(_plan);
            _startOver = _plan.Finishes(_context.Stream);
        }
        if (page.Decision.State.BoundaryForgotten && _context.Target.Disposition == WriteDisposition.Append && _plan.MovesWatermark)
        {
            throw new DestinationException(DestinationFault.Guard,
                $"more than 10 000 records lie at or above the watermark {page.Decision.State.Watermark}: read again, they could not be told from new ones. Use write_disposition: merge with a primary_key, or declare the row_order");
        }
        if (page.Decision.State.WithoutForgotten)
        {
            throw new DestinationException(DestinationFault.Guard,
                $"more than 10 000 records have no value in the cursor field '{_context.Stream.Incremental?.CursorField}': read again, they could not be told from new ones. Use write_disposition: merge with a primary_key, or on_cursor_value_missing: exclude");
        }
        for (var i = page.Done; i < page.End && page.Decision.Decisions[i] != Decision.Beyond; i++)
        {
            if (page.Decision.Decisions[i] == Decision.Skip) _pending.Skipped++;
            else if (page.Decision.Decisions[i] == Decision.Duplicate) _pending.Duplicates++;
            else await AddAsync(page, i, cancellationToken);
        }
        PassTo(page, page.End);
        // The end of a page is the better place to commit: the checkpoint needs no place inside it then. The last page is committed with the end of the scan.
        if (!_atEnd && IsFull) await FlushAsync(cancellationToken);
    }

    private async Task AddAsync(ScannedPage page, int index, CancellationToken cancellationToken)
    {
        var enriched = page.Enriched?[index];
        if (IsFull || _bounds.WouldOverflow(_pending.Records, enriched?.Json.Length ?? page.Page.Records[index].Length, IsBusy))
        {
            PassTo(page, index);
            await FlushAsync(cancellationToken);
        }
        if (enriched is not { } record) _pending.Add(page.Page.Record(index));
        else if (record.Problem is null) _pending.Add(record.Json.Span);
        else _pending.RefuseUnanswered(record.Json.Span, record.Problem);
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
        if (page.Page.Total is { } total) _position = _position with { Total = total };
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
            var committing = _commits.Running;
            if (committing.IsCompleted) await committing;
            // A commit on its way extends the lease itself.
            var renew = committing.IsCompleted ? _commits.RenewIn : TimeSpan.MaxValue;
            // The end of the last page is no place to go on from, so it waits for the end of the scan, which is near.
            var due = _pending.HasRecords && !_atEnd ? _bounds.Remaining(_context.Time.GetElapsedTime(_pending.OpenedAt)) : TimeSpan.MaxValue;
            var wait = renew < due ? renew : due;
            using var wake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var timer = Task.Delay(wait == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : wait < TimeSpan.Zero ? TimeSpan.Zero : wait, _context.Time, wake.Token);
            await (committing.IsCompleted ? Task.WhenAny(waiting, timer) : Task.WhenAny(waiting, timer, committing));
            var isDue = timer.IsCompleted;
            await wake.CancelAsync();
            if (waiting.IsCompleted) break;
            cancellationToken.ThrowIfCancellationRequested();
            if (!isDue) continue;
            if (due <= renew) await FlushAsync(cancellationToken);
            else await _commits.RenewAsync(cancellationToken);
        }
        return await waiting;
    }

    /// <summary>Begins to commit the open batch; the scan goes on with another one.</summary>
    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_pending.Read + _pending.Duplicates == 0 && _parentsThrough == 0) return;
        await _commits.StartAsync(Close(), cancellationToken);
        // At this point the batch before is on disk, and its memory is free.
        (_pending, _committing) = (_committing, _pending);
        _pending.Clear();
        _startOver = false;
    }

    private ClosedBatch Close() => new(_pending, _position, _scan) { Resumable = _resumable, AtEnd = _atEnd, ParentsThrough = _parentsThrough, StartOver = _startOver };
}
