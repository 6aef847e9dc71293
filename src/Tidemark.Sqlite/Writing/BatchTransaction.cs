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
    private bool _ended;

    public Task<WriteCounts> WriteAsync(RecordBatch batch, int start, int count, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        if (count == 0) return Task.FromResult(default(WriteCounts));
        try
        {
            return Task.FromResult(UnderSavepoint(() => tables.Write(batch, start, count, cancellationToken)));
        }
        catch (DestinationException e) when (e.Fault == DestinationFault.Record && count == 1 && tables.FollowsDeletions)
        {
            TryAddFailed(batch, start);
            throw;
        }
    }

    public Task EnqueueAsync(string queue, IReadOnlyList<ReadOnlyMemory<byte>> items, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        QueueTable.Enqueue(database, queue, items);
        return Task.CompletedTask;
    }

    public Task DequeueAsync(string queue, long through, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        QueueTable.Dequeue(database, queue, through);
        return Task.CompletedTask;
    }

    public Task<long> FinishAsync(FinishOptions options, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        if (target.Disposition == WriteDisposition.Replace) return Task.FromResult(UnderSavepoint(() => ReplaceFinish.Run(database, tables, options)));
        return Task.FromResult(tables.FollowsDeletions ? UnderSavepoint(() => DeletionFinish.Run(database, tables, target, options)) : 0);
    }

    public Task StartOverAsync(CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        tables.Stage.Drop();
        tables.Seen.Table.Drop();
        return Task.CompletedTask;
    }

    public Task CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        CheckpointTable.Write(database, target, checkpoint);
        lease.Renew();
        try
        {
            tables.Commit();
        }
        catch (SqliteError e) when (e.Fault == DestinationFault.Record)
        {
            throw new DestinationException(DestinationFault.Fatal, $"a constraint of '{target.Table}' that is checked at the end of a transaction is broken: {e.Message}", e);
        }
        _ended = true;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        if (!_ended)
        {
            _ended = true;
            writer.Rollback();
        }
        return ValueTask.CompletedTask;
    }

    // After an error such as a full disk SQLite has rolled back by itself; what is written now would be a transaction of its own.
    private void CheckOpen(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_ended, this);
        if (!database.InTransaction) throw new DestinationException(DestinationFault.Fatal, $"the transaction on '{database.Path}' was rolled back by an earlier error");
    }

    private T UnderSavepoint<T>(Func<T> work)
    {
        database.Execute("SAVEPOINT tidemark");
        var mark = tables.Log.Mark;
        try
        {
            var result = work();
            database.Execute("RELEASE tidemark");
            return result;
        }
        catch (ForeignKeysInTheWayException e)
        {
            Undo(mark);
            writer.RebuildLater(e.Table, e.Arrivals);
            throw new DestinationException(DestinationFault.Temporary, $"other tables refer to '{target.Table}', which needs wider columns: that is done first, then the batch is written again", e);
        }
        catch
        {
            Undo(mark);
            throw;
        }
    }

    private void Undo(int mark)
    {
        // Some errors, such as a full disk, have undone the whole transaction already.
        if (database.InTransaction) database.Execute("ROLLBACK TO tidemark; RELEASE tidemark");
        tables.RolledBack(mark);
    }

    private void TryAddFailed(RecordBatch batch, int row)
    {
        try
        {
            UnderSavepoint(() =>
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
