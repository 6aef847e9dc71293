using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Leases;
using Tidemark.PostgreSql.Native;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>One transaction of a stream. It began with the fence.</summary>
internal sealed class PgBatchTransaction(string schema, StreamTarget target, PgLease lease, PgStreamTables tables, PgStreamWriter writer) : IBatchTransaction
{
    private const string Savepoint = "tidemark";

    private readonly Session _session = tables.Session;
    private bool _wrote;
    private bool _ended;

    public async Task<WriteCounts> WriteAsync(RecordBatch batch, int start, int count, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        if (count == 0) return default;
        _wrote = true;
        try
        {
            return await UnderSavepointAsync(async () =>
            {
                var counts = await tables.WriteAsync(batch, start, count, cancellationToken);
                // What is checked at the end of the transaction would come too late to tell which record it is.
                if (tables.Main.HasDeferrableConstraints) await _session.ExecuteAsync("SET CONSTRAINTS ALL IMMEDIATE", cancellationToken);
                return counts;
            }, cancellationToken);
        }
        catch (DestinationException e) when (e.Fault == DestinationFault.Record && count == 1 && tables.FollowsDeletions)
        {
            await TryAddFailedAsync(batch, start, cancellationToken);
            throw;
        }
    }

    public Task EnqueueAsync(string queue, IReadOnlyList<ReadOnlyMemory<byte>> items, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        return items.Count == 0 ? Task.CompletedTask : PgQueueTable.EnqueueAsync(_session, schema, queue, items, cancellationToken);
    }

    public Task DequeueAsync(string queue, long through, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        return PgQueueTable.DequeueAsync(_session, schema, queue, through, cancellationToken);
    }

    public async Task<long> FinishAsync(FinishOptions options, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        await tables.CheckSameAsync(cancellationToken);
        if (target.Disposition == WriteDisposition.Replace) return await UnderSavepointAsync(() => PgReplaceFinish.RunAsync(tables, options, cancellationToken), cancellationToken);
        return tables.FollowsDeletions ? await UnderSavepointAsync(() => PgDeletionFinish.RunAsync(tables, target, options, cancellationToken), cancellationToken) : 0;
    }

    public async Task StartOverAsync(CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        await tables.DropSideTablesAsync(cancellationToken);
    }

    public async Task CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        CheckOpen(cancellationToken);
        if (!_wrote) await tables.CheckSameAsync(cancellationToken);
        await lease.WriteAsync(_session, checkpoint, cancellationToken);
        try
        {
            await writer.CommitAsync(cancellationToken);
        }
        catch (PgError e) when (e.Fault == DestinationFault.Record)
        {
            throw new DestinationException(DestinationFault.Fatal, $"a constraint that is checked at the end of a transaction does not allow what was written to '{target.Table}': {e.Message}", e);
        }
        _ended = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended) return;
        _ended = true;
        await writer.RollbackAsync();
    }

    private void CheckOpen(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_ended, this);
        if (!_session.IsOpen) throw _session.Errors.Lost();
    }

    private async Task<T> UnderSavepointAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var changes = tables.Main.Changes.Count;
        _session.Defer($"SAVEPOINT {Savepoint}");
        try
        {
            var result = await work();
            _session.Defer($"RELEASE {Savepoint}");
            return result;
        }
        catch (DestinationException e) when (e.Fault is DestinationFault.Record or DestinationFault.Guard)
        {
            // After any other error the transaction can only be disposed.
            await _session.ExecuteAsync($"ROLLBACK TO {Savepoint}", cancellationToken);
            _session.Defer($"RELEASE {Savepoint}");
            await tables.RolledBackAsync(changes, cancellationToken);
            if (e is PgError refused) throw Refusal.WithTable(refused, tables);
            throw;
        }
        catch (PgError e) when (e.Fault == DestinationFault.Fatal)
        {
            throw Refusal.WithTable(e, tables);
        }
    }

    private async Task TryAddFailedAsync(RecordBatch batch, int row, CancellationToken cancellationToken)
    {
        try
        {
            await UnderSavepointAsync(async () =>
            {
                await tables.AddFailedAsync(batch, row, cancellationToken);
                return 0;
            }, cancellationToken);
        }
        catch (DestinationException e) when (e.Fault == DestinationFault.Record)
        {
            // Its key can't be told: at the end it counts as a failed record without one.
        }
    }
}
