using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.MongoDb.Leases;
using Tidemark.MongoDb.Native;
using Tidemark.Records;

namespace Tidemark.MongoDb.Writing;

/// <summary>What goes with one checkpoint. It is no transaction of MongoDB's: what is written stays, and a repeat of it is harmless.</summary>
/// <remarks>
/// 1. It began with the fence.
/// 2. Documents are written at once. Those that are appended are taken away again if this ends without a commit; those that are merged stay.
/// 3. With the commit: queued parents, then the end of a full scan, then the checkpoint, which moves only if the lease is ours still.
/// 4. What lies behind the checkpoint is tidied up: if it does not come to that, the next one does it.
/// </remarks>
internal sealed class MongoBatchTransaction(MongoSession session, StreamTarget target, MongoLease lease, StreamCollections collections, MongoStreamWriter writer) : IBatchTransaction
{
    private readonly AppendScope _scope = lease.Scope;
    private readonly List<(string Queue, IReadOnlyList<ReadOnlyMemory<byte>> Items)> _queued = [];
    private long _generation = lease.Generation;
    private (string Queue, long Through)? _dequeued = lease.Dequeued;
    private ScanFinish? _finish;
    private bool _wrote;
    private bool _ended;

    public async Task<WriteCounts> WriteAsync(RecordBatch batch, int start, int count, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        if (count == 0) return default;
        _wrote = true;
        var outcomes = await collections.WriteAsync(batch, start, count, _scope, _generation, cancellationToken);
        return outcomes.IsWhole ? outcomes.Parts.Counts : throw new RecordsRefusedException([outcomes.Parts]);
    }

    public Task EnqueueAsync(string queue, IReadOnlyList<ReadOnlyMemory<byte>> items, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        if (items.Count > 0) _queued.Add((queue, items));
        return Task.CompletedTask;
    }

    public Task DequeueAsync(string queue, long through, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        _dequeued = (queue, through);
        return Task.CompletedTask;
    }

    public async Task<long> FinishAsync(FinishOptions options, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        if (collections.IsReplace)
            _finish = await ScanFinish.ReplaceAsync(session, target.Table, collections.Stage(_generation), collections.Key, options, cancellationToken);
        else if (collections.FollowsDeletions)
            _finish = await ScanFinish.DeleteAsync(session, target.Table, collections.Seen(_generation), collections.Key, target.Deletions == Deletions.Mark, options, cancellationToken);
        return _finish?.Lost ?? 0;
    }

    public async Task StartOverAsync(CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        // What is there under this number comes from somebody who did not commit it.
        _generation = lease.Generation + 1;
        await session.DropAsync(collections.Stage(_generation), cancellationToken);
        await session.DropAsync(collections.Seen(_generation), cancellationToken);
    }

    public async Task CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        foreach (var (queue, items) in _queued) await QueueCollection.EnqueueAsync(session, _scope, queue, items, cancellationToken);
        if (_finish is not null) await FinishAsync(cancellationToken);
        // From here on it is not known whether it is committed, until the answer is there.
        _ended = true;
        writer.IsUndecided = true;
        var generation = _finish is null ? _generation : _generation + 1;
        var isNewScan = generation != lease.Generation;
        try
        {
            await lease.WriteAsync(session, checkpoint, generation, _dequeued, cancellationToken);
        }
        catch (DestinationException e) when (e.Fault == DestinationFault.LeaseLost)
        {
            // This is known then: whoever has taken over has tidied up before these documents were there.
            writer.IsUndecided = false;
            if (_wrote) await writer.UndoAsync(_scope, _generation);
            throw;
        }
        writer.IsUndecided = false;
        await writer.CommittedAsync(_wrote, isNewScan, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended) return;
        _ended = true;
        if (_wrote) await writer.UndoAsync(_scope, _generation);
    }

    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (collections.IsReplace) await collections.EnsureIndexesAsync(target.Table, cancellationToken);
            await _finish!.ApplyAsync(cancellationToken);
        }
        catch (MongoError e) when (e.Code == MongoError.DuplicateKey)
        {
            throw new DestinationException(DestinationFault.Fatal, $"the collection '{target.Table}' can't take the new documents; its old ones stay: {e.Message}", e);
        }
    }

    private void CheckOpen(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_ended, this);
    }
}
