using System.Text;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using static Tidemark.Sqlite.Tests.TestDatabase;

namespace Tidemark.Sqlite.Tests.Writing;

public sealed class TransactionTests : IDisposable
{
    private readonly TestDatabase _db = new();

    public void Dispose() => _db.Dispose();

    [Fact]
    public async Task Dispose_without_commit_undoes_rows_columns_and_checkpoint()
    {
        var target = Target();
        await using var writer = await _db.OpenAsync(target);
        await WriteAsync(writer, target, """{"id":1,"n":1}""");
        await using (var transaction = await writer.BeginAsync(default))
        {
            using var batch = Batch(target.Schema, """{"id":2,"n":"01","more":1}""");
            await transaction.WriteAsync(batch, 0, 1, default);
        }
        (await WriteAsync(writer, target, """{"id":2,"n":2,"other":1}""")).Inserted.ShouldBe(1);
        _db.Rows("SELECT name, type FROM pragma_table_info('t')").ShouldBe(["id|BIGINT", "n|BIGINT", "other|BIGINT"]);
        _db.Rows("SELECT * FROM t").ShouldBe(["1|1|∅", "2|2|1"]);
    }

    [Fact]
    public async Task Checkpoint_is_committed_with_the_rows_and_read_again()
    {
        var checkpoint = new Checkpoint
        {
            Watermark = "2026-01-02T03:04:05.678+01:00", LastSuccess = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)), Resume = "r", Boundary = "b", Complete = true, LastFullRead = 7, BatchNumber = 3,
        };
        (await _db.Destination().ReadCheckpointAsync("p", "s", default)).ShouldBe(Checkpoint.None);
        await using (var writer = await _db.OpenAsync(Target()))
        {
            writer.Checkpoint.ShouldBe(Checkpoint.None);
            await using var transaction = await writer.BeginAsync(default);
            await transaction.CommitAsync(checkpoint, default);
            (await writer.ReadBatchNumberAsync(default)).ShouldBe(3);
        }
        (await _db.Destination().ReadCheckpointAsync("p", "s", default)).ShouldBe(checkpoint);
        await using var next = await _db.OpenAsync(Target());
        next.Checkpoint.ShouldBe(checkpoint);
        next.TableHadRows.ShouldBeFalse();
    }

    [Fact]
    public async Task Queue_gives_items_in_order_and_forgets_those_that_are_done()
    {
        await using var writer = await _db.OpenAsync(Target());
        await using (var transaction = await writer.BeginAsync(default))
        {
            await transaction.EnqueueAsync("q", [Encoding.UTF8.GetBytes("{\"a\":1}"), Encoding.UTF8.GetBytes("{\"a\":2}")], default);
            await transaction.EnqueueAsync("other", [Encoding.UTF8.GetBytes("{}")], default);
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        var items = await writer.PeekAsync("q", 0, 10, default);
        items.Select(i => Encoding.UTF8.GetString(i.Json.Span)).ShouldBe(["{\"a\":1}", "{\"a\":2}"]);
        (await writer.PeekAsync("q", items[0].Number, 1, default)).Single().Number.ShouldBe(items[1].Number);
        await using (var transaction = await writer.BeginAsync(default))
        {
            await transaction.DequeueAsync("q", items[0].Number, default);
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        (await writer.PeekAsync("q", 0, 10, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Full_database_is_fatal_and_loses_nothing_committed()
    {
        var target = Target();
        await using var writer = await _db.OpenAsync(target);
        await WriteAsync(writer, target, """{"id":1,"n":"x"}""");
        ((Tidemark.Sqlite.Writing.StreamWriter)writer).Database.Execute("PRAGMA max_page_count=1");
        var e = await Should.ThrowAsync<DestinationException>(() => WriteAsync(writer, target, $$"""{"id":2,"n":"{{new string('x', 100_000)}}"}"""));
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldContain("make room");
        _db.Rows("SELECT id FROM t").ShouldBe(["1"]);
    }

    [Fact]
    public async Task Transaction_that_has_ended_takes_nothing_more()
    {
        var target = Target();
        await using var writer = await _db.OpenAsync(target);
        await using var transaction = await writer.BeginAsync(default);
        ((Tidemark.Sqlite.Writing.StreamWriter)writer).Database.Execute("ROLLBACK");
        using var batch = Batch(target.Schema, """{"id":1}""");
        (await Should.ThrowAsync<DestinationException>(() => transaction.WriteAsync(batch, 0, 1, default))).Fault.ShouldBe(DestinationFault.Fatal);
        (await Should.ThrowAsync<DestinationException>(() => transaction.CommitAsync(new Checkpoint { BatchNumber = 9 }, default))).Fault.ShouldBe(DestinationFault.Fatal);
        (await writer.ReadBatchNumberAsync(default)).ShouldBe(0);
    }

    [Fact]
    public async Task Locked_database_is_temporary()
    {
        var target = Target();
        await using var writer = await _db.OpenAsync(target);
        using var other = _db.Connect();
        using var command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        (await Should.ThrowAsync<DestinationException>(() => writer.BeginAsync(default))).Fault.ShouldBe(DestinationFault.Temporary);
    }

    [Fact]
    public async Task Change_of_the_table_by_somebody_else_is_seen_by_the_next_transaction()
    {
        var target = Target();
        await using var writer = await _db.OpenAsync(target);
        await WriteAsync(writer, target, """{"id":1,"n":1}""");
        _db.Execute("ALTER TABLE t ADD COLUMN m TEXT; ALTER TABLE t DROP COLUMN n");
        (await WriteAsync(writer, target, """{"id":1,"n":2,"m":"x"}""")).Updated.ShouldBe(1);
        _db.Rows("SELECT id, m, n FROM t").ShouldBe(["1|x|2"]);
    }

    [Fact]
    public async Task Missing_directory_file_that_is_no_database_and_missing_table_say_so()
    {
        var nowhere = new SqliteDestination { Path = Path.Combine(_db.File, "..", "none", "x.db") }.Open(new DestinationServices { CompareCursors = static (_, _) => null });
        (await Should.ThrowAsync<DestinationException>(() => nowhere.OpenAsync(Target(), default))).Message.ShouldContain("does not exist: create it");
        await Should.ThrowAsync<DestinationException>(() => nowhere.CheckAsync(default));
        await _db.Destination().CheckAsync(default);
        File.Exists(_db.File).ShouldBeFalse();
        (await Should.ThrowAsync<DestinationException>(() => _db.Destination().ReadNewestAsync(Target(), 5, default))).Message.ShouldContain("does not exist yet");
        await File.WriteAllTextAsync(_db.File, new string('x', 5000));
        (await Should.ThrowAsync<DestinationException>(() => _db.Destination().CheckAsync(default))).Message.ShouldContain("not an SQLite database");
        (await Should.ThrowAsync<DestinationException>(() => _db.OpenAsync(Target()))).Fault.ShouldBe(DestinationFault.Fatal);
    }

    [Fact]
    public async Task Newest_rows_come_by_cursor_and_without_columns_of_ours()
    {
        var target = Target(cursor: "at") with { Deletions = Deletions.Mark };
        await _db.WriteAsync(target, """{"id":1,"at":"2026-01-03","ok":true}""", """{"id":2,"at":"2026-01-01","ok":false}""", """{"id":3,"at":"2026-01-02","ok":null}""");
        var sample = await _db.Destination().ReadNewestAsync(target, 2, default);
        sample.Columns.ShouldBe(["id", "at", "ok"]);
        sample.Total.ShouldBe(3);
        sample.Rows.Select(r => string.Join('|', r.Select(v => v ?? "∅"))).ShouldBe(["1|2026-01-03|True", "3|2026-01-02|∅"]);
        (await _db.Destination().ReadNewestAsync(target with { CursorField = null }, 1, default)).Rows[0][0].ShouldBe(3L);
    }

    [Fact]
    public void Url_and_definition_name_the_file()
    {
        var connector = SqliteConnectors.All.Single();
        connector.FromUrl("sqlite:crm.db", "/base").ShouldBe(new SqliteDestination { Path = "/base/crm.db" });
        connector.FromUrl("postgresql://x", "/base").ShouldBeNull();
    }
}
