using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.MongoDb.Leases;
using Tidemark.MongoDb.Native;

namespace Tidemark.MongoDb.Writing;

/// <summary>The right to write a stream, with a session of its own.</summary>
internal sealed class MongoStreamWriter(MongoServer server, MongoSession session, StreamTarget target, MongoLease lease, StreamCollections collections) : IStreamWriter
{
    private readonly SchemaChangeList _changes = new();
    private (AppendScope Scope, long Generation)? _undone;
    private bool _disposed;

    public Checkpoint Checkpoint => lease.Checkpoint;

    public required bool TableHadRows { get; init; }

    public required IReadOnlyCollection<string> Fields { get; init; }

    public IReadOnlyList<SchemaChange> SchemaChanges => _changes.All;

    public TimeSpan RenewEvery => MongoLease.RenewEvery;

    /// <summary>True while it is not known whether the last commit went through.</summary>
    internal bool IsUndecided { get; set; }

    public Task RenewAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return lease.RenewAsync(session, cancellationToken);
    }

    public async Task<IBatchTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await lease.RenewAsync(session, cancellationToken);
        if (IsUndecided)
        {
            var (scope, commits, generation) = (lease.Scope, lease.Commits, lease.Generation);
            await lease.ReadAsync(session, cancellationToken);
            if (lease.Commits == commits) _undone = (scope, generation);
            IsUndecided = false;
        }
        if (_undone is { } left)
        {
            await UndoNowAsync(left.Scope, left.Generation, cancellationToken);
            _undone = null;
        }
        await collections.CheckSameAsync(cancellationToken);
        return new MongoBatchTransaction(session, target, lease, collections, this);
    }

    public async Task<long> ReadBatchNumberAsync(CancellationToken cancellationToken)
    {
        await using var fresh = await server.ConnectAsync(cancellationToken);
        return await lease.ReadBatchNumberAsync(fresh, cancellationToken);
    }

    public Task<IReadOnlyList<QueueItem>> PeekAsync(string queue, long after, int count, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return PeekedAsync();

        async Task<IReadOnlyList<QueueItem>> PeekedAsync() => await QueueCollection.PeekAsync(session, queue, after, count, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        try
        {
            if (_undone is { } left && !IsUndecided) await UndoNowAsync(left.Scope, left.Generation, CancellationToken.None);
            await lease.ReleaseAsync(session);
        }
        catch (DestinationException)
        {
            // It expires by itself, and the next holder takes away what was not committed.
        }
        finally
        {
            collections.Dispose();
            await session.DisposeAsync();
        }
    }

    /// <summary>Takes away what the last holder has appended and not committed, and what it has left behind its checkpoint.</summary>
    internal async Task TidyAsync(CancellationToken cancellationToken)
    {
        var scope = lease.Scope;
        if (collections.Appends) await scope.UndoEarlierAsync(session, collections.Written(lease.Generation), cancellationToken);
        await scope.UndoEarlierAsync(session, QueueCollection.Name, cancellationToken);
        if (lease.Dequeued is { } done) await QueueCollection.DequeueAsync(session, done.Queue, done.Through, cancellationToken);
        await collections.DropSideAsync(lease.Generation, cancellationToken);
    }

    /// <summary>At this point the checkpoint is written.</summary>
    internal async Task CommittedAsync(bool wrote, bool isNewScan, CancellationToken cancellationToken)
    {
        _changes.Add(collections.Map.TakeChanges());
        if (lease.Dequeued is { } done) await QueueCollection.DequeueAsync(session, done.Queue, done.Through, cancellationToken);
        if (isNewScan) await collections.DropSideAsync(lease.Generation, cancellationToken);
        if (wrote) await collections.CommittedAsync(cancellationToken);
    }

    /// <summary>Takes away what a transaction has appended that was not committed; at the latest before the next one begins.</summary>
    internal async Task UndoAsync(AppendScope scope, long generation)
    {
        _undone = (scope, generation);
        try
        {
            await UndoNowAsync(scope, generation, CancellationToken.None);
            _undone = null;
        }
        catch (DestinationException)
        {
            // Once the server is back.
        }
    }

    private async Task UndoNowAsync(AppendScope scope, long generation, CancellationToken cancellationToken)
    {
        if (collections.Appends) await scope.UndoAsync(session, collections.Written(generation), cancellationToken);
        await scope.UndoAsync(session, QueueCollection.Name, cancellationToken);
    }
}
