using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sqlite.Leases;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Writing;

/// <summary>One transaction of a stream. It began with the write lock and the fence.</summary>
internal sealed class BatchTransaction(Database database, StreamTarget target, Lease lease, StreamTables tables, StreamWriter writer) : IBatchTransaction
{
    private readonly OpenTransaction _open = new(database, writer);

    public Task<WriteCounts> WriteAsync(RecordBatch batch, int start, int count, CancellationToken cancellationToken)
    {
        _open.Check(cancellationToken);
        if (count == 0) return Task.FromResult(default(WriteCounts));
        try
        {
            return Task.FromResult(_open.UnderSavepoint(() => tables.Write(batch, start, count, cancellationToken)));
        }
        catch (DestinationException e) when (e.Fault == DestinationFault.Record && count == 1 && tables.FollowsDeletions)
        {
            TryAddFailed(batch, start);
            throw;
        }
    }

    public Task EnqueueAsync(string queue, IReadOnlyList<ReadOnlyMemory<byte>> items, CancellationToken cancellationToken)
    {
        _open.Check(cancellationToken);
        QueueTable.Enqueue(database, queue, items);
        return Task.CompletedTask;
    }

    public Task DequeueAsync(string queue, long through, CancellationToken cancellationToken)
    {
        _open.Check(cancellationToken);
        QueueTable.Dequeue(database, queue, through);
        return Task.CompletedTask;
    }

    public Task<long> FinishAsync(FinishOptions options, CancellationToken cancellationToken)
    {
        _open.Check(cancellationToken);
        if (target.Disposition == WriteDisposition.Replace) return Task.FromResult(_open.UnderSavepoint(() => ReplaceFinish.Run(database, tables, options)));
        return Task.FromResult(tables.FollowsDeletions ? _open.UnderSavepoint(() => DeletionFinish.Run(database, tables, target, options)) : 0);
    }

    public Task StartOverAsync(CancellationToken cancellationToken)
    {
        _open.Check(cancellationToken);
        tables.Stage.Drop();
        tables.Seen.Table.Drop();
        return Task.CompletedTask;
    }

    public Task CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        _open.Check(cancellationToken);
        CheckpointTable.Write(database, target, checkpoint);
        lease.Renew();
        _open.Commit(tables.Commit);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _open.End();
        return ValueTask.CompletedTask;
    }

    private void TryAddFailed(RecordBatch batch, int row)
    {
        try
        {
            _open.UnderSavepoint(() =>
            {
                tables.AddFailed(batch, row);
                return 0;
            });
        }
        catch (DestinationException e) when (e.Fault is DestinationFault.Record or DestinationFault.Temporary)
        {
            // Its key can't be told: at the end it counts as a failed record without one.
        }
    }
}
