using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Leases;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Writing;

/// <summary>
/// The right to write a stream, with a connection of its own. A lost connection is replaced at the next call: the lease is a matter of the epoch, not of the connection.
/// </summary>
internal sealed class PgStreamWriter : IStreamWriter
{
    private readonly PgServer _server;
    private readonly string _schema;
    private readonly StreamTarget _target;
    private readonly PgLease _lease;
    private readonly Func<Session, PgStreamTables> _tablesOn;
    private readonly SchemaChangeList _changes = new();
    private PgStreamTables _tables;
    private bool _disposed;

    /// <param name="server">The way to the database.</param>
    /// <param name="schema">Where the tables of ours are.</param>
    /// <param name="target">The stream.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="tables">The tables, on a connection that the writer owns from now on.</param>
    /// <param name="tablesOn">Makes the tables anew on another connection.</param>
    public PgStreamWriter(PgServer server, string schema, StreamTarget target, PgLease lease, PgStreamTables tables, Func<Session, PgStreamTables> tablesOn)
    {
        (_server, _schema, _target, _lease, _tables, _tablesOn) = (server, schema, target, lease, tables, tablesOn);
    }

    public required Checkpoint Checkpoint { get; init; }

    public required bool TableHadRows { get; init; }

    public required IReadOnlyCollection<string> Fields { get; init; }

    public IReadOnlyList<SchemaChange> SchemaChanges => _changes.All;

    public TimeSpan RenewEvery => PgLease.RenewEvery;

    /// <summary>For tests: the connection.</summary>
    internal Session Session => _tables.Session;

    public async Task RenewAsync(CancellationToken cancellationToken) => await _lease.RenewAsync(await ConnectedAsync(cancellationToken), cancellationToken);

    public async Task<IBatchTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var session = await ConnectedAsync(cancellationToken);
        try
        {
            session.Begin();
            await _lease.RenewAsync(session, cancellationToken);
            await _tables.RefreshAsync(cancellationToken);
        }
        catch
        {
            await RollbackAsync();
            throw;
        }
        return new PgBatchTransaction(_schema, _target, _lease, _tables, this);
    }

    public async Task<long> ReadBatchNumberAsync(CancellationToken cancellationToken)
    {
        await using var fresh = await _server.ConnectAsync(cancellationToken);
        return await PgCheckpointTable.ReadBatchNumberAsync(fresh, _schema, _target, cancellationToken);
    }

    public async Task<IReadOnlyList<QueueItem>> PeekAsync(string queue, long after, int count, CancellationToken cancellationToken) =>
        await PgQueueTable.PeekAsync(await ConnectedAsync(cancellationToken), _schema, queue, after, count, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        try
        {
            await RollbackAsync();
            await _lease.ReleaseAsync(_tables.Session);
        }
        catch (DestinationException)
        {
            // It expires by itself.
        }
        finally
        {
            _tables.Dispose();
            await _tables.Session.DisposeAsync();
        }
    }

    /// <summary>Commits the open transaction.</summary>
    internal async Task CommitAsync(CancellationToken cancellationToken)
    {
        await _tables.Session.CommitAsync(cancellationToken);
        _changes.Add(_tables.Committed());
    }

    /// <summary>Undoes the open transaction.</summary>
    internal async Task RollbackAsync()
    {
        await _tables.Session.RollbackAsync();
        _tables.RolledBack();
    }

    private async Task<Session> ConnectedAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_tables.Session.IsOpen) return _tables.Session;
        var session = await _server.ConnectAsync(cancellationToken);
        var tables = _tablesOn(session);
        tables.Follow(_tables);
        _tables.Dispose();
        await _tables.Session.DisposeAsync();
        _tables = tables;
        return session;
    }
}
