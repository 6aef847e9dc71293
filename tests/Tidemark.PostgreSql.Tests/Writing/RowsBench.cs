using System.Text;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;
using Tidemark.PostgreSql.Tests.Tables;
using Tidemark.PostgreSql.Writing;
using Tidemark.Records;
using Tidemark.Scanning;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests.Writing;

/// <summary>A table <c>t</c> in a database of its own, and records written to it as a stream's writer does.</summary>
internal sealed class RowsBench : IAsyncDisposable
{
    private readonly TableBench _database;
    private readonly List<IDisposable> _rows = [];
    private int _maxArrayRows;
    private TablePartitioning? _partitioning;

    private RowsBench(TableBench database, string? key, string? cursor)
    {
        _database = database;
        Key = key?.Split(',') ?? [];
        Cursor = cursor;
    }

    public IReadOnlyList<string> Key { get; }

    public string? Cursor { get; }

    public RowWriterOfTests Writer { get; private set; } = null!;

    public static async Task<RowsBench> OpenAsync(
        PostgresServer server, string? key = "id", string? cursor = null, bool marks = false, string sql = "", int maxArrayRows = 200, TablePartitioning? partitioning = null)
    {
        var bench = new RowsBench(await TableBench.OpenAsync(server), key, cursor);
        if (sql.Length > 0) await bench.SqlAsync(sql);
        bench._maxArrayRows = maxArrayRows;
        bench._partitioning = partitioning;
        bench.Writer = await bench.WriterAsync(bench._database.Session, marks);
        return bench;
    }

    /// <summary>Another writer, over a connection of its own.</summary>
    public async Task<RowWriterOfTests> SecondAsync() => await WriterAsync(await _database.ConnectAsync(), marks: false);

    public Task<WriteCounts> WriteAsync(params IReadOnlyList<string> records) => Writer.WriteAsync(records);

    /// <summary>A table of keys beside the table, as a scan that follows deletions has it.</summary>
    public async Task<PgTable> KeysAsync()
    {
        var keys = await _database.TableAsync(new TablePlan { KeyFields = Key }, "seen");
        await _database.EnsureAsync(keys, [.. Key.Select(k => new PgArrival(k, Writer.Table.Fields[k].Type!.Value, CellKinds.None))]);
        return keys;
    }

    public Task<string> SqlAsync(string sql) => _database.SqlAsync(sql);

    public async ValueTask DisposeAsync()
    {
        foreach (var rows in _rows) rows.Dispose();
        await _database.DisposeAsync();
    }

    private async Task<RowWriterOfTests> WriterAsync(Session session, bool marks)
    {
        var plan = new TablePlan { KeyFields = Key, Partitioning = _partitioning, OwnColumns = marks ? [(PgColumn.DeletedAt, ColumnType.Timestamp)] : [] };
        var writer = new RowWriterOfTests(session, await _database.TableAsync(plan, session: session), new RowOptions(Key, Cursor, IgnoreStored: false, CursorKinds.Compare), _maxArrayRows);
        _rows.Add(writer);
        return writer;
    }

    public static RecordBatch Batch(IReadOnlyList<string> key, IReadOnlyList<string> records)
    {
        var batch = new RecordBatch(new BatchSchema { PrimaryKey = key });
        foreach (var record in records) batch.Add(Encoding.UTF8.GetBytes(record)).ShouldBeNull();
        return batch;
    }
}
