using Npgsql;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests.Tables;

/// <summary>A database of its own with the map in it, and sessions to it.</summary>
internal sealed class TableBench : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly NpgsqlDataSource _source;
    private readonly List<Session> _sessions = [];

    private TableBench(PostgresServer server, TestDatabase database)
    {
        _database = database;
        _source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={server.Port};Username=postgres;Database={Database};Include Error Detail=true;Pooling=false");
    }

    public string Database => _database.Name;

    public Session Session => _sessions[0];

    public static async Task<TableBench> OpenAsync(PostgresServer server)
    {
        var bench = new TableBench(server, await TestDatabase.OpenAsync(server));
        await bench.ConnectAsync();
        await bench.Session.ExecuteAsync(PgColumnMap.CreateSql("public"), default);
        return bench;
    }

    public async Task<Session> ConnectAsync()
    {
        var session = await Session.OpenAsync(_source, new PgErrors("127.0.0.1/test"), default);
        _sessions.Add(session);
        return session;
    }

    public static TableName Name(string table = "t") => TableName.Parse(table, "public");

    /// <summary>A table that has been read, as a writer that starts has it.</summary>
    public async Task<PgTable> TableAsync(TablePlan? plan = null, string table = "t", Session? session = null)
    {
        var loaded = new PgTable(session ?? Session, Name(table), (plan ?? new TablePlan()) with { OurSchema = "public" });
        await loaded.LoadAsync(default);
        return loaded;
    }

    /// <summary>Makes a table hold what arrives, in a transaction of its own, as each batch does.</summary>
    public static Task EnsureAsync(PgTable table, Session session, params IReadOnlyList<PgArrival> arrivals) => CommitAsync(session, () => table.EnsureAsync(arrivals, default));

    public Task EnsureAsync(PgTable table, params IReadOnlyList<PgArrival> arrivals) => EnsureAsync(table, Session, arrivals);

    public static async Task CommitAsync(Session session, Func<Task> work)
    {
        session.Begin();
        try
        {
            await work();
            await session.CommitAsync(default);
        }
        catch
        {
            await session.RollbackAsync();
            throw;
        }
    }

    /// <summary>Makes a table hold what arrives and expects that it fails.</summary>
    public async Task<DestinationException> FailAsync(PgTable table, params IReadOnlyList<PgArrival> arrivals) =>
        await Should.ThrowAsync<DestinationException>(() => EnsureAsync(table, arrivals));

    public Task<string> SqlAsync(string sql) => _database.SqlAsync(sql);

    /// <summary>The columns of a table with their types: <c>id bigint*, name text</c>; a star stands for NOT NULL.</summary>
    public Task<string> ColumnsAsync(string table = "t") => SqlAsync(
        $"""
        SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN '*' ELSE '' END, ', ' ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = {PgSql.Literal(Name(table).Quoted)}::regclass AND attnum > 0 AND NOT attisdropped
        """);

    public static PgArrival Of(string field, ColumnType type) => new(field, type, KindsOf(type));

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions) await session.DisposeAsync();
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static CellKinds KindsOf(ColumnType type) => type switch
    {
        ColumnType.Boolean => CellKinds.Boolean,
        ColumnType.Bigint => CellKinds.Integer,
        ColumnType.Decimal => CellKinds.Decimal,
        ColumnType.Double => CellKinds.Double,
        ColumnType.Timestamp => CellKinds.Timestamp,
        ColumnType.Date => CellKinds.Date,
        ColumnType.Json => CellKinds.Json,
        _ => CellKinds.Text,
    };
}
