using System.Globalization;
using System.Text;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests.Sharing;

/// <summary>A shared writer of two tables, on a database of its own, through a proxy that counts and loses.</summary>
internal sealed class SharedBench : IAsyncDisposable
{
    private readonly TestDestination _db;

    private SharedBench(TestDestination db, WireProxy wire, ISharedWriter writer) => (_db, Wire, Writer) = (db, wire, writer);

    public WireProxy Wire { get; }

    public ISharedWriter Writer { get; }

    public static StreamTarget Target { get; } = TestDestination.Target("t");

    public static StreamTarget Append { get; } = TestDestination.Target("log") with { Disposition = WriteDisposition.Append, Schema = new BatchSchema() };

    public static async Task<SharedBench> OpenAsync(PostgresServer server, string? sql = null, params StreamTarget[] targets)
    {
        var db = await TestDestination.CreateAsync(server);
        if (sql is not null) await db.SqlAsync(sql);
        var wire = new WireProxy(server.Port);
        return new SharedBench(db, wire, await db.Destination(wire.Through(db.Url)).OpenSharedAsync(targets.Length == 0 ? [Target] : targets, new SharedOptions(), default));
    }

    public Task<ISharedWriter> SecondAsync(params StreamTarget[] targets) => _db.Destination().OpenSharedAsync(targets.Length == 0 ? [Target] : targets, new SharedOptions(), default);

    public Task<string> SqlAsync(string sql) => _db.SqlAsync(sql);

    public Task<PostgreSql.Native.Session> SessionAsync() => _db.SessionAsync();

    public static TableRecords Part(int target, params IEnumerable<string> records)
    {
        var batch = new RecordBatch(target == 0 ? Target.Schema : new BatchSchema());
        foreach (var record in records) batch.Add(Encoding.UTF8.GetBytes(record)).ShouldBeNull();
        return new TableRecords(target, batch);
    }

    public static string Row(int id, object n) => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}},"n":{{n}}}""");

    public static async Task<string> WriteAsync(ISharedWriter writer, params TableRecords[] parts)
    {
        await writer.PrepareAsync(parts, default);
        await using var transaction = await writer.BeginAsync(SharedLook.Nothing, default);
        var written = await transaction.WriteAsync(parts, default);
        await transaction.CommitAsync([], default);
        return string.Join(' ', written.Select(p => string.Concat(p.Select(w => "iusdo"[(int)w.Outcome]))));
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        await _db.DisposeAsync();
        await Wire.DisposeAsync();
    }
}
