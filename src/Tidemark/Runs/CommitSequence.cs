using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Scanning;
using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>
/// Commits the batches of a stream one after the other, each with the checkpoint that it completes. The next batch is filled while one is on its way; its commit begins when that
/// one has ended well, so that no checkpoint passes a record that is not on disk. Its calls come from one task, one at a time.
/// </summary>
internal sealed class CommitSequence(StreamContext context, StreamPlan plan, IStreamWriter writer, SemaphoreSlim gate)
{
    private readonly BatchCommitter _committer = new(context, writer);
    private long _committedAt = context.Time.GetTimestamp();

    // Of the scan, on disk.
    private long _read = plan.Resume?.Read ?? 0;
    private long _failed = plan.Resume?.Failed ?? 0;

    /// <summary>The checkpoint that is on disk.</summary>
    public Checkpoint Checkpoint { get; private set; } = writer.Checkpoint;

    /// <summary>Ends when the commit that was started last has ended, as it did.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>How long until the lease is due to be renewed.</summary>
    public TimeSpan RenewIn => writer.RenewEvery - context.Time.GetElapsedTime(Volatile.Read(ref _committedAt));

    /// <summary>Counts anew: the scan starts over.</summary>
    public async Task StartOverAsync()
    {
        await Running;
        (_read, _failed) = (0, 0);
    }

    /// <summary>Begins to commit a batch when the one before is on disk.</summary>
    public async Task StartAsync(ClosedBatch batch, CancellationToken cancellationToken)
    {
        await Running;
        // Task.Run, as a database may do its work on the thread that calls: the next batch is filled on another one meanwhile.
        Running = Task.Run(() => CommitAsync(batch, finish: null, refused => GoesOn(batch, refused), cancellationToken), CancellationToken.None);
    }

    /// <summary>Commits a batch as the last one of a complete scan.</summary>
    public async Task CompleteAsync(ClosedBatch batch, CancellationToken cancellationToken)
    {
        await Running;
        var finish = plan.Finishes(context.Stream)
            ? new FinishOptions { MaxDelete = context.Stream.MaxDelete, AllowEmpty = context.Stream.AllowEmpty, FailedRecords = _failed, Now = context.Time.GetUtcNow() }
            : null;
        try
        {
            await CommitAsync(batch, finish, refused => IsComplete(batch, refused), cancellationToken);
            if (finish is not null && context.Stream.Deletions != Deletions.Ignore && _failed > 0 && context.Counters[Counter.Deleted] == 0)
                context.Warn($"{_failed} of the records of this full read failed, and no row was taken for gone: one whose key can't be told may be any of the rows that are missing. Mend them (tidemark failed list), then read in full again");
        }
        catch (DestinationException e) when (e.Fault == DestinationFault.Guard && finish is not null && Checkpoint.Resume is not null)
        {
            // What the guard refused must not be taken up again: the next run reads the source anew.
            using var nothing = new PendingBatch(context);
            await CommitAsync(new ClosedBatch(nothing, batch.Position, batch.Scan), finish: null, _ => NextBatch() with { Resume = null }, cancellationToken);
            throw;
        }
    }

    /// <summary>Extends the lease.</summary>
    public Task RenewAsync(CancellationToken cancellationToken) => AloneAsync(async () =>
    {
        try
        {
            await writer.RenewAsync(cancellationToken);
        }
        catch (DestinationException e) when (e.Fault == DestinationFault.Temporary)
        {
            // The lease still has a while to run, and the next commit tells whether it is still ours.
        }
    }, cancellationToken);

    private async Task CommitAsync(ClosedBatch batch, FinishOptions? finish, Func<int, Checkpoint> next, CancellationToken cancellationToken)
    {
        var refusedNow = 0;
        var steps = new CommitSteps
        {
            Next = refused => next(refusedNow = refused),
            StartOver = batch.StartOver,
            ParentsThrough = batch.ParentsThrough,
            Finish = finish,
            FailedBefore = _failed,
        };
        await AloneAsync(async () => Checkpoint = await _committer.CommitAsync(batch.Pending, steps, cancellationToken), cancellationToken);
        _read += batch.Pending.Read;
        _failed += refusedNow;
    }

    private Checkpoint NextBatch() => Checkpoint with { BatchNumber = Checkpoint.BatchNumber + 1 };

    private Checkpoint GoesOn(ClosedBatch batch, int refused)
    {
        var next = NextBatch();
        if (!plan.MovesWatermark) return next;
        if (batch.Resumable) next = next with { Resume = batch.AtEnd ? null : Position(batch, refused).ToJson() };
        return context.Stream.Incremental?.RowOrder == RowOrder.Asc && !batch.Scan.OrderBroken && batch.Scan.Watermark is { } watermark
            ? next with { Watermark = watermark, Boundary = batch.Scan.Boundary }
            : next;
    }

    private Checkpoint IsComplete(ClosedBatch batch, int refused) => !plan.MovesWatermark ? NextBatch() : NextBatch() with
    {
        Complete = true,
        Resume = null,
        LastSuccess = batch.Position.StartedAt,
        Watermark = batch.Scan.Watermark ?? Checkpoint.Watermark,
        Boundary = batch.Scan.Watermark is null && !batch.Scan.RemembersWithout ? Checkpoint.Boundary : batch.Scan.Boundary,
        LastFullRead = plan.Mode == RunMode.Incremental ? Checkpoint.LastFullRead : Position(batch, refused).Read,
    };

    private ResumePoint Position(ClosedBatch batch, int refused) => batch.Position with { Read = _read + batch.Pending.Read, Failed = _failed + refused };

    // Whoever reads parents uses the same writer, which is for one at a time.
    private async Task AloneAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            await action();
            Volatile.Write(ref _committedAt, context.Time.GetTimestamp());
        }
        finally
        {
            gate.Release();
        }
    }
}
