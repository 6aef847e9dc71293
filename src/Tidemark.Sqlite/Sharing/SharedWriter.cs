using Tidemark.Destinations;
using Tidemark.Sqlite.Leases;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;
using Tidemark.Sqlite.Writing;

namespace Tidemark.Sqlite.Sharing;

/// <summary>
/// Writes tables without a lease, over a connection of its own. SQLite lets one write at a time: a transaction begins with the write lock, so that nothing that it has seen
/// changes under it, and no key is ever in flight.
/// </summary>
internal sealed class SharedWriter : ISharedWriter, ITransactionOwner
{
    private readonly Database _database;
    private readonly SharedOptions _options;
    private readonly SharedTable[] _tables;
    private readonly SchemaLog _log = new();
    private readonly IReadOnlyCollection<string>[] _fields;
    private (SqliteTable Table, IReadOnlyList<Arrival> Arrivals)? _rebuild;
    private long _schemaVersion = -1;
    private long _number;
    private string? _committed;
    private bool _disposed;

    private SharedWriter(Database database, IReadOnlyList<StreamTarget> targets, SharedOptions options, Func<string, string, int?> compareCursors)
    {
        (_database, _options) = (database, options);
        var guard = new CursorGuard(database, compareCursors);
        _tables = [.. targets.Select(t => new SharedTable(database, t, guard, _log))];
        _fields = new IReadOnlyCollection<string>[_tables.Length];
    }

    public IReadOnlyList<SchemaChange> SchemaChanges => _log.Committed;

    /// <summary>Opens one.</summary>
    /// <param name="database">The connection: the writer owns it from now on.</param>
    /// <param name="targets">The tables.</param>
    /// <param name="options">What it is to tell.</param>
    /// <param name="compareCursors">Compares two cursor values.</param>
    public static SharedWriter Open(Database database, IReadOnlyList<StreamTarget> targets, SharedOptions options, Func<string, string, int?> compareCursors)
    {
        ConversionFunctions.AddTo(database);
        var writer = new SharedWriter(database, targets, options, compareCursors);
        database.Execute("BEGIN IMMEDIATE");
        database.Execute(CheckpointTable.CreateSql);
        database.Execute(ColumnMap.CreateSql);
        database.Execute(IdempotencyTable.CreateSql);
        writer.Load();
        foreach (var table in writer._tables.Where(t => t.Table.Exists)) table.Table.Ensure([]);
        for (var i = 0; i < writer._tables.Length; i++) writer._fields[i] = [.. writer._tables[i].Table.Fields.Keys];
        writer.Commit(token: null);
        return writer;
    }

    public IReadOnlyCollection<string> FieldsOf(int target) => _fields[target];

    // Tables change within the transaction that writes them: nobody else can hold them then.
    public Task PrepareAsync(IReadOnlyList<TableRecords> records, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<ISharedTransaction> BeginAsync(SharedLook look, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_rebuild is { } rebuild) RebuildApart(rebuild.Table, rebuild.Arrivals);
        Begin();
        try
        {
            if (look.Position is { } position && !CheckpointTable.TryMove(_database, position))
                throw SharedPosition.Lost(position);
            var keys = IdempotencyTable.Find(_database, look.Keys);
            var references = look.References.Select(IReadOnlyList<bool> (q) => ReferenceLookup.Find(_database, q)).ToList();
            return Task.FromResult<ISharedTransaction>(new SharedTransaction(_database, _tables, _options, this, $"{++_number}") { Keys = keys, References = references });
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    // COMMIT answers for itself: there is no way that its word could be lost on.
    public Task<bool> WasCommittedAsync(string token, CancellationToken cancellationToken) => Task.FromResult(string.Equals(token, _committed, StringComparison.Ordinal));

    public Task<long> ReadPositionAsync(string pipeline, string stream, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(CheckpointTable.ReadPosition(_database, pipeline, stream));
    }

    public Task<long> PurgeAnswersAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(IdempotencyTable.Purge(_database));
    }

    public ValueTask DisposeAsync()
    {
        if (_disposed) return ValueTask.CompletedTask;
        _disposed = true;
        foreach (var table in _tables) table.Dispose();
        // Closing rolls back.
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    public int Mark => _log.Mark;

    /// <summary>Commits the open transaction: what was done to the tables is durable with the rest.</summary>
    internal void Commit(string? token)
    {
        // Read while nobody else can change it.
        var version = _database.Count("PRAGMA schema_version");
        _database.Execute("COMMIT");
        _committed = token;
        foreach (var table in _tables) table.Table.Touched = false;
        _schemaVersion = version;
        _log.Commit();
    }

    public void Rollback()
    {
        if (_database.InTransaction) _database.Execute("ROLLBACK");
        RolledBack(0);
    }

    public void RolledBack(int mark)
    {
        _log.RollbackTo(mark);
        if (!Array.Exists(_tables, t => t.Table.Touched)) return;
        // Without the write lock somebody else may be changing them right now: the next transaction reads them then.
        if (_database.InTransaction) Load();
        else _schemaVersion = -1;
    }

    public void RebuildLater(SqliteTable table, IReadOnlyList<Arrival> arrivals) => _rebuild = (table, arrivals);

    private void Begin()
    {
        _database.Execute("BEGIN IMMEDIATE");
        if (_database.Count("PRAGMA schema_version") != _schemaVersion) Load();
    }

    private void Load()
    {
        foreach (var table in _tables) table.Table.Load();
        _schemaVersion = _database.Count("PRAGMA schema_version");
    }

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
                Commit(token: null);
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
