using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Sqlite.Keeping;
using Tidemark.Sqlite.Leases;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Sharing;
using Tidemark.Sqlite.Tables;
using Tidemark.Sqlite.Writing;

namespace Tidemark.Sqlite;

/// <summary>An SQLite file that streams write to, each over a connection of its own.</summary>
internal sealed class LiveDestination(string path, DestinationServices services) : IDestination
{
    public Task<string> CheckAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckDirectory();
        if (File.Exists(path))
        {
            using var database = Database.OpenReadable(path);
            database.Execute("SELECT count(*) FROM sqlite_schema");
        }
        CheckRights();
        return Task.FromResult($"SQLite {Database.Version}, file {path}");
    }

    public Task<IStreamWriter> OpenAsync(StreamTarget target, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckTarget(target);
        CheckDirectory();
        var database = Database.OpenWritable(path);
        try
        {
            ConversionFunctions.AddTo(database);
            database.Execute("BEGIN IMMEDIATE");
            database.Execute(CheckpointTable.CreateSql);
            database.Execute(ColumnMap.CreateSql);
            database.Execute(QueueTable.CreateSql);
            var lease = Lease.Take(database, target, services.Time);
            var tables = new StreamTables(database, target, new CursorGuard(database, services.CompareCursors));
            tables.Load();
            if (tables.Main.Exists) tables.Main.Ensure([]);
            tables.Commit();
            return Task.FromResult<IStreamWriter>(new Writing.StreamWriter(database, target, lease, tables));
        }
        catch
        {
            // Closing rolls back.
            database.Dispose();
            throw;
        }
    }

    public Task<ISharedWriter> OpenSharedAsync(IReadOnlyList<StreamTarget> targets, SharedOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var target in targets) CheckTarget(target);
        TargetRules.CheckShared(targets);
        CheckDirectory();
        var database = Database.OpenWritable(path);
        try
        {
            return Task.FromResult<ISharedWriter>(SharedWriter.Open(database, targets, options, services.CompareCursors));
        }
        catch
        {
            // Closing rolls back.
            database.Dispose();
            throw;
        }
    }

    public Task<Checkpoint> ReadCheckpointAsync(string pipeline, string stream, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckDirectory();
        if (!File.Exists(path)) return Task.FromResult(Checkpoint.None);
        using var database = Database.OpenReadable(path);
        return Task.FromResult(CheckpointTable.Exists(database) ? CheckpointTable.Read(database, pipeline, stream) : Checkpoint.None);
    }

    public Task<IReadOnlyDictionary<string, Checkpoint>> ReadSliceCheckpointsAsync(string pipeline, string stream, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckDirectory();
        if (!File.Exists(path)) return Task.FromResult<IReadOnlyDictionary<string, Checkpoint>>(new Dictionary<string, Checkpoint>(StringComparer.Ordinal));
        using var database = Database.OpenReadable(path);
        return Task.FromResult<IReadOnlyDictionary<string, Checkpoint>>(CheckpointTable.Exists(database) ? CheckpointTable.ReadSlices(database, pipeline, stream) : []);
    }

    public Task<ObservedDatabase> ObserveAsync(string pipeline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckDirectory();
        if (!File.Exists(path)) return Task.FromResult(new ObservedDatabase(0, []));
        using var database = Database.OpenReadable(path);
        List<ObservedStream> streams = CheckpointTable.Exists(database)
            ? CheckpointTable.ReadAll(database, pipeline).ConvertAll(s => new ObservedStream(s.Stream, s.Checkpoint, s.Owner is { } owner && !LeaseOwner.IsDead(owner) ? owner : null))
            : [];
        // What is committed lies in the write-ahead log until it is moved.
        var files = new[] { new FileInfo(path), new FileInfo(path + "-wal") };
        return Task.FromResult(new ObservedDatabase(files.Where(f => f.Exists).Sum(f => f.Length), streams));
    }

    public Task<TableDescription?> DescribeAsync(StreamTarget target, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckDirectory();
        if (!File.Exists(path)) return Task.FromResult<TableDescription?>(null);
        using var database = Database.OpenReadable(path);
        return Task.FromResult(RealTable.Describe(database, target.Table));
    }

    public Task<TableSample> ReadNewestAsync(StreamTarget target, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckDirectory();
        if (!File.Exists(path)) throw new DestinationException(DestinationFault.Fatal, $"the database '{path}' does not exist yet: run the stream first");
        using var database = Database.OpenReadable(path);
        return Task.FromResult(NewestRows.Read(database, target, limit));
    }

    public string Kind => "sqlite";

    public Task MigrateAsync(IReadOnlyList<TableMigration> steps, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckDirectory();
        using var database = Database.OpenWritable(path);
        TableMigrations.Apply(database, steps, services.Time);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<TableDescription?>> DescribeMigratedAsync(IReadOnlyList<TableMigration> steps, IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var apart = Database.OpenInMemory();
        foreach (var step in steps) apart.Execute(step.Sql);
        return Task.FromResult<IReadOnlyList<TableDescription?>>([.. tables.Select(t => RealTable.Describe(apart, t))]);
    }

    public ILookupTable OpenLookup(LookupTarget target) => new LookupTable(path, target);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void CheckDirectory()
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(directory)) throw new DestinationException(DestinationFault.Fatal, $"the directory '{directory}' of the database does not exist: create it, or name another path");
        if (Directory.Exists(path)) throw new DestinationException(DestinationFault.Fatal, $"found a directory at '{path}', expected an SQLite file");
    }

    // A file that is there is opened to write and closed again; where none is, another one may come into being and goes at once.
    private void CheckRights()
    {
        try
        {
            using var file = File.Exists(path)
                ? new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete)
                : new FileStream($"{path}-{Guid.NewGuid():n}", FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new DestinationException(DestinationFault.Fatal, $"'{path}' can't be written: {e.Message}; give the process the right to write the file and its directory", e);
        }
    }

    private static void CheckTarget(StreamTarget target)
    {
        if (target.Table.Length == 0 || target.Table.Contains('\0', StringComparison.Ordinal) || IsReserved(target.Table, "_tidemark_") || IsReserved(target.Table, "sqlite_"))
            throw new DestinationException(DestinationFault.Fatal, $"'{target.Table}' can't be the table of the stream '{target.Stream}': the name is reserved or empty; name another one");
        if (target.Partitioning is not null)
            throw new DestinationException(DestinationFault.Fatal, $"the stream '{target.Stream}' asks for a table in partitions, but SQLite has no partitions: take partition_by out, or use PostgreSQL");
        TargetRules.Check(target);
    }

    private static bool IsReserved(string table, string prefix) => table.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
}
