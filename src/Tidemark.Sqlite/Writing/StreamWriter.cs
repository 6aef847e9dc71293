using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Sqlite.Leases;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Writing;

/// <summary>The right to write a stream, with a connection of its own.</summary>
internal sealed class StreamWriter : IStreamWriter, ITransactionOwner
{
    private readonly Database _database;
    private readonly StreamTarget _target;
    private readonly Lease _lease;
    private readonly StreamTables _tables;
    private (SqliteTable Table, IReadOnlyList<Arrival> Arrivals)? _rebuild;
    private bool _disposed;

    /// <param name="database">The connection: the writer owns it from now on.</param>
    /// <param name="target">The stream.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="tables">The tables.</param>
    public StreamWriter(Database database, StreamTarget target, Lease lease, StreamTables tables)
    {
        (_database, _target, _lease, _tables) = (database, target, lease, tables);
        Checkpoint = CheckpointTable.Read(database, target.PipelineName, target.Stream, target.Slice);
        Fields = [.. tables.Main.Fields.Keys.Union(tables.Stage.Fields.Keys, StringComparer.Ordinal)];
        TableHadRows = tables.Main.Exists && database.Exists($"SELECT 1 FROM {Sql.Quote(tables.Main.Name)} LIMIT 1");
    }

    public Checkpoint Checkpoint { get; }

    public bool TableHadRows { get; }

    public IReadOnlyCollection<string> Fields { get; }

    public IReadOnlyList<SchemaChange> SchemaChanges => _tables.Log.Committed;

    public TimeSpan RenewEvery => Lease.RenewEvery;

    /// <summary>For tests: how many combinations of columns have statements.</summary>
    internal int PlanCount => _tables.PlanCount;

    /// <summary>For tests: the connection.</summary>
    internal Database Database => _database;

    public Task RenewAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_database.InTransaction)
        {
            // Nobody else can write while this transaction is open.
            _lease.Renew();
            return Task.CompletedTask;
        }
        Begin();
        _database.Execute("COMMIT");
        return Task.CompletedTask;
    }

    public Task<IBatchTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_rebuild is { } rebuild) RebuildApart(rebuild.Table, rebuild.Arrivals);
        Begin();
        return Task.FromResult<IBatchTransaction>(new BatchTransaction(_database, _target, _lease, _tables, this));
    }

    public Task<long> ReadBatchNumberAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var fresh = Native.Database.OpenReadable(_database.Path);
        return Task.FromResult(CheckpointTable.Read(fresh, _target.PipelineName, _target.Stream, _target.Slice).BatchNumber);
    }

    public Task<IReadOnlyList<QueueItem>> PeekAsync(string queue, long after, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<QueueItem>>(QueueTable.Peek(_database, queue, after, count));
    }

    public ValueTask DisposeAsync()
    {
        if (_disposed) return ValueTask.CompletedTask;
        _disposed = true;
        try
        {
            if (_database.InTransaction) _database.Execute("ROLLBACK");
            _lease.Release();
        }
        catch (DestinationException)
        {
            // It expires by itself.
        }
        finally
        {
            _tables.Dispose();
            _database.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes the database's write lock and checks the fence.</summary>
    internal void Begin()
    {
        _database.Execute("BEGIN IMMEDIATE");
        try
        {
            _lease.Renew();
            _tables.Refresh();
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public int Mark => _tables.Log.Mark;

    public void RolledBack(int mark) => _tables.RolledBack(mark);

    public void Rollback()
    {
        if (_database.InTransaction) _database.Execute("ROLLBACK");
        RolledBack(0);
    }

    public void RebuildLater(SqliteTable table, IReadOnlyList<Arrival> arrivals) => _rebuild = (table, arrivals);

    // A transaction of its own: wider columns hold the old values as well, whatever becomes of the records that need them.
    private void RebuildApart(SqliteTable table, IReadOnlyList<Arrival> arrivals)
    {
        _rebuild = null;
        _database.Execute("PRAGMA foreign_keys=OFF");
        try
        {
            Begin();
            try
            {
                table.Ensure(arrivals);
                _tables.Commit();
            }
            catch
            {
                Rollback();
                throw;
            }
        }
        finally
        {
            _database.Execute("PRAGMA foreign_keys=ON");
        }
    }
}
