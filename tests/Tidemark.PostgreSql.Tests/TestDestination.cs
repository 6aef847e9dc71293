using System.Text;
using Tidemark.Checkpoints;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.Records;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests;

/// <summary>A database of its own, a destination on it, and what tests do with both.</summary>
internal sealed class TestDestination : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly TestDatabase _database;
    private readonly List<IDestination> _opened = [];

    private TestDestination(PostgresServer server, TestDatabase database) => (_server, _database) = (server, database);

    public string Url => _database.Url;

    public string Database => _database.Name;

    /// <summary>A user who may do what is granted, and no more.</summary>
    public string User => _database.User;

    public static async Task<TestDestination> CreateAsync(PostgresServer server) => new(server, await TestDatabase.OpenAsync(server));

    public static StreamTarget Target(string table = "t", params string[] key) =>
        new() { PipelineName = "p", Stream = "s", Table = table, Schema = new BatchSchema { PrimaryKey = key.Length == 0 ? ["id"] : key } };

    public IDestination Destination(string? url = null, string schema = "public")
    {
        var destination = new PostgreSqlDestination { Url = new Secret(url ?? Url), Schema = schema }.Open(new DestinationServices { CompareCursors = Scanning.CursorKinds.Compare });
        _opened.Add(destination);
        return destination;
    }

    public Task<IStreamWriter> OpenAsync(StreamTarget target) => Destination().OpenAsync(target, default);

    public Task<string> SqlAsync(string sql) => _database.SqlAsync(sql);

    public async Task<string> AddUserAsync()
    {
        await SqlAsync($"CREATE USER {User}; REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        return _server.Url(Database, User);
    }

    /// <summary>A connection of ours, beside those of the destination.</summary>
    public async Task<Session> SessionAsync()
    {
        await using var server = PgServer.Of(Url);
        return await server.ConnectAsync(default);
    }

    /// <summary>Cuts all other connections to the database.</summary>
    public Task CutAsync() => SqlAsync("SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

    public static RecordBatch Batch(StreamTarget target, params string[] records)
    {
        var batch = new RecordBatch(target.Schema);
        foreach (var record in records) batch.Add(Encoding.UTF8.GetBytes(record)).ShouldBeNull();
        return batch;
    }

    public static async Task<WriteCounts> WriteAsync(IStreamWriter writer, StreamTarget target, params string[] records)
    {
        await using var transaction = await writer.BeginAsync(default);
        using var batch = Batch(target, records);
        var counts = await transaction.WriteAsync(batch, 0, batch.Count, default);
        await transaction.CommitAsync(new Checkpoint { BatchNumber = 1 }, default);
        return counts;
    }

    /// <summary>Opens, writes one batch, commits, closes.</summary>
    public async Task<WriteCounts> WriteAsync(StreamTarget target, params string[] records)
    {
        await using var writer = await OpenAsync(target);
        return await WriteAsync(writer, target, records);
    }

    /// <summary>Writes the batches of a full scan and finishes it.</summary>
    public async Task<long> ScanAsync(StreamTarget target, FinishOptions options, params string[][] batches)
    {
        await using var writer = await OpenAsync(target);
        foreach (var records in batches) await WriteAsync(writer, target, records);
        await using var transaction = await writer.BeginAsync(default);
        var lost = await transaction.FinishAsync(options, default);
        await transaction.CommitAsync(Checkpoint.None, default);
        return lost;
    }

    public static FinishOptions Finish(double maxDelete = 0.2, long failed = 0) =>
        new() { MaxDelete = maxDelete, FailedRecords = failed, Now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) };

    public async ValueTask DisposeAsync()
    {
        foreach (var destination in _opened) await destination.DisposeAsync();
        await _database.DisposeAsync();
    }
}
