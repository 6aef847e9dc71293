using Tidemark.Checkpoints;
using Tidemark.Destinations;
using static Tidemark.Sqlite.Tests.TestDatabase;

namespace Tidemark.Sqlite.Tests.Writing;

public sealed class MergeTests : IDisposable
{
    private readonly TestDatabase _db = new();

    public void Dispose() => _db.Dispose();

    [Fact]
    public async Task Merge_counts_inserted_updated_and_unchanged()
    {
        (await _db.WriteAsync(Target(), """{"id":1,"n":"a"}""", """{"id":2,"n":"b"}""")).ShouldBe(new WriteCounts(2, 0, 0));
        (await _db.WriteAsync(Target(), """{"id":1,"n":"a"}""", """{"id":2,"n":"B"}""", """{"id":3,"n":"c"}""")).ShouldBe(new WriteCounts(1, 1, 1));
        _db.Rows("SELECT id, n FROM t ORDER BY id").ShouldBe(["1|a", "2|B", "3|c"]);
    }

    [Fact]
    public async Task Merge_without_rowid_and_with_rowid_0_counts_the_same()
    {
        _db.Execute("CREATE TABLE w(id TEXT PRIMARY KEY, n TEXT) WITHOUT ROWID; CREATE TABLE z(id INTEGER PRIMARY KEY, n TEXT)");
        (await _db.WriteAsync(Target("w"), """{"id":"a","n":"1"}""")).ShouldBe(new WriteCounts(1, 0, 0));
        (await _db.WriteAsync(Target("w"), """{"id":"a","n":"2"}""", """{"id":"b","n":"2"}""")).ShouldBe(new WriteCounts(1, 1, 0));
        (await _db.WriteAsync(Target("z"), """{"id":0,"n":"1"}""", """{"id":-9223372036854775808,"n":"1"}""")).ShouldBe(new WriteCounts(2, 0, 0));
        (await _db.WriteAsync(Target("z"), """{"id":0,"n":"2"}""", """{"id":-9223372036854775808,"n":"1"}""")).ShouldBe(new WriteCounts(0, 1, 1));
    }

    [Fact]
    public async Task Merge_with_triggers_of_the_user_counts_rows_of_the_table_only()
    {
        _db.Execute("CREATE TABLE t(id BIGINT PRIMARY KEY, n TEXT); CREATE TABLE log(x); CREATE TRIGGER g AFTER UPDATE ON t BEGIN INSERT INTO log VALUES(new.id); END; CREATE TRIGGER h AFTER INSERT ON t BEGIN INSERT INTO log VALUES(new.id); INSERT INTO log VALUES(0); END");
        (await _db.WriteAsync(Target(), """{"id":1,"n":"a"}""")).ShouldBe(new WriteCounts(1, 0, 0));
        (await _db.WriteAsync(Target(), """{"id":1,"n":"b"}""", """{"id":2,"n":"b"}""")).ShouldBe(new WriteCounts(1, 1, 0));
    }

    [Fact]
    public async Task Partial_record_keeps_absent_columns_and_null_clears()
    {
        await _db.WriteAsync(Target(), """{"id":1,"a":"x","b":"y"}""");
        (await _db.WriteAsync(Target(), """{"id":1,"b":null}""")).ShouldBe(new WriteCounts(0, 1, 0));
        _db.Rows("SELECT a, b FROM t").ShouldBe(["x|∅"]);
        (await _db.WriteAsync(Target(), """{"id":1}""")).ShouldBe(new WriteCounts(0, 0, 1));
    }

    [Fact]
    public async Task Update_keeps_the_row_id()
    {
        await _db.WriteAsync(Target(), """{"id":"a","n":1}""", """{"id":"b","n":1}""");
        var before = _db.Rows("SELECT rowid, id FROM t ORDER BY id");
        await _db.WriteAsync(Target(), """{"id":"a","n":2}""", """{"id":"b","n":3}""");
        _db.Rows("SELECT rowid, id FROM t ORDER BY id").ShouldBe(before);
    }

    [Fact]
    public async Task Same_values_in_another_form_are_unchanged()
    {
        await _db.WriteAsync(Target(), """{"id":1,"d":5.5,"b":true,"j":{"a":1},"e":""}""");
        await _db.WriteAsync(Target(), """{"id":2,"d":5.0}""");
        (await _db.WriteAsync(Target(), """{"id":2,"d":5}""", """{"id":1,"d":5.50,"b":true,"j":{"a":1},"e":""}""")).ShouldBe(new WriteCounts(0, 0, 2));
        _db.Scalar("SELECT typeof(e) FROM t WHERE id = 1").ShouldBe("text");
    }

    [Fact]
    public async Task Change_of_case_is_a_change_under_a_collation_without_case()
    {
        _db.Execute("CREATE TABLE t(id BIGINT PRIMARY KEY, n TEXT COLLATE NOCASE)");
        await _db.WriteAsync(Target(), """{"id":1,"n":"ann"}""");
        (await _db.WriteAsync(Target(), """{"id":1,"n":"Ann"}""")).Updated.ShouldBe(1);
    }

    [Theory]
    [InlineData("\"2026-01-02T00:00:00Z\"", "\"2026-01-02T00:30:00+01:00\"", false)]
    [InlineData("\"2026-01-02T00:30:00+01:00\"", "\"2026-01-02T00:00:00Z\"", true)]
    [InlineData("\"2026-01-02T00:00:00Z\"", "\"2026-01-02T00:00:00Z\"", true)]
    [InlineData("1700000000", "999999999", false)]
    [InlineData("999999999", "1700000000", true)]
    [InlineData("1.5", "1.25", false)]
    [InlineData("\"2026-01-02T00:00:00Z\"", "null", true)]
    [InlineData("null", "\"2026-01-02T00:00:00Z\"", true)]
    [InlineData("\"what\"", "\"ever\"", true)]
    public async Task Cursor_lets_only_versions_that_are_not_older_through(string stored, string arriving, bool written)
    {
        var target = Target(cursor: "at");
        await _db.WriteAsync(target, $$"""{"id":1,"n":"old","at":{{stored}}}""");
        var counts = await _db.WriteAsync(target, $$"""{"id":1,"n":"new","at":{{arriving}}}""");
        counts.ShouldBe(written ? new WriteCounts(0, 1, 0) : new WriteCounts(0, 0, 1, Older: 1));
        _db.Scalar("SELECT n FROM t").ShouldBe(written ? "new" : "old");
    }

    [Fact]
    public async Task Record_without_cursor_field_is_written()
    {
        var target = Target(cursor: "at");
        await _db.WriteAsync(target, """{"id":1,"n":"old","at":"2026-01-02"}""");
        (await _db.WriteAsync(target, """{"id":1,"n":"new"}""")).Updated.ShouldBe(1);
        _db.Rows("SELECT n, at FROM t").ShouldBe(["new|2026-01-02"]);
    }

    [Fact]
    public async Task Ignoring_the_cursor_lets_older_overwrite_but_not_within_a_call()
    {
        var target = Target(cursor: "at");
        await _db.WriteAsync(target, """{"id":1,"n":"stored","at":"2026-05-01"}""");
        var counts = await _db.WriteAsync(target with { IgnoreCursor = true }, """{"id":1,"n":"newer","at":"2026-02-01"}""", """{"id":1,"n":"older","at":"2026-01-01"}""");
        counts.ShouldBe(new WriteCounts(0, 1, 1));
        _db.Scalar("SELECT n FROM t").ShouldBe("newer");
    }

    [Fact]
    public async Task Same_key_in_one_call_last_wins_without_cursor_and_newest_with_it()
    {
        await _db.WriteAsync(Target("a"), """{"id":1,"n":"x","at":2}""", """{"id":1,"n":"y","at":1}""");
        await _db.WriteAsync(Target("b", cursor: "at"), """{"id":1,"n":"x","at":2}""", """{"id":1,"n":"y","at":1}""");
        (_db.Scalar("SELECT n FROM a"), _db.Scalar("SELECT n FROM b")).ShouldBe(("y", "x"));
    }

    [Fact]
    public async Task Partial_record_updates_a_row_whose_absent_column_must_not_be_null()
    {
        _db.Execute("CREATE TABLE t(id BIGINT PRIMARY KEY, name TEXT NOT NULL, n BIGINT); INSERT INTO t VALUES(1, 'ann', 1)");
        (await _db.WriteAsync(Target(), """{"id":1,"n":2}""")).ShouldBe(new WriteCounts(0, 1, 0));
        (await _db.WriteAsync(Target(), """{"id":1,"n":2}""", """{"id":1}""")).ShouldBe(new WriteCounts(0, 0, 2));
        _db.Rows("SELECT * FROM t").ShouldBe(["1|ann|2"]);
        var e = await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(Target(), """{"id":9,"n":2}"""));
        (e.Fault, e.Message).ShouldBe((DestinationFault.Record, "the database refuses a record: NOT NULL constraint failed: t.name"));
    }

    [Fact]
    public async Task Constraint_fault_leaves_the_transaction_usable()
    {
        _db.Execute("CREATE TABLE t(id BIGINT PRIMARY KEY, n BIGINT CHECK(n > 0))");
        var target = Target();
        await using (var writer = await _db.OpenAsync(target))
        {
            await using var transaction = await writer.BeginAsync(default);
            using var batch = Batch(target.Schema, """{"id":1,"n":1,"extra":"x"}""", """{"id":2,"n":-1}""", """{"id":3,"n":3}""");
            var e = await Should.ThrowAsync<DestinationException>(() => transaction.WriteAsync(batch, 0, 3, default));
            e.Fault.ShouldBe(DestinationFault.Record);
            e.Message.ShouldContain("CHECK constraint failed: n > 0");
            (await transaction.WriteAsync(batch, 0, 1, default)).Inserted.ShouldBe(1);
            await Should.ThrowAsync<DestinationException>(() => transaction.WriteAsync(batch, 1, 1, default));
            (await transaction.WriteAsync(batch, 2, 1, default)).Inserted.ShouldBe(1);
            await transaction.CommitAsync(new Checkpoint { Watermark = "w", BatchNumber = 1 }, default);
        }
        _db.Rows("SELECT * FROM t").ShouldBe(["1|1|x", "3|3|∅"]);
    }

    [Fact]
    public async Task Statements_of_many_combinations_of_columns_are_bounded()
    {
        var target = Target();
        await using var writer = await _db.OpenAsync(target);
        var records = Enumerable.Range(0, 600).Select(i => $"{{\"id\":{i}{string.Concat(Enumerable.Range(0, 10).Where(b => (i >> b & 1) != 0).Select(b => $",\"c{b}\":{i}"))}}}").ToArray();
        (await WriteAsync(writer, target, records)).Inserted.ShouldBe(600);
        ((Tidemark.Sqlite.Writing.StreamWriter)writer).PlanCount.ShouldBe(256);
        (await WriteAsync(writer, target, records)).Unchanged.ShouldBe(600);
        _db.Rows("SELECT id, c0, c1, c9 FROM t WHERE id IN (5, 515) ORDER BY id").ShouldBe(["5|5|∅|∅", "515|515|515|515"]);
    }

    [Fact]
    public async Task Composite_key_and_append()
    {
        (await _db.WriteAsync(Target("m", "a,b"), """{"a":1,"b":"x","n":1}""", """{"a":1,"b":"y","n":1}""", """{"b":"x","a":1,"n":2}""")).ShouldBe(new WriteCounts(2, 0, 1));
        (await _db.WriteAsync(Target("l", null), """{"n":1}""", """{"n":1}""", "{}")).ShouldBe(new WriteCounts(3, 0, 0));
        (await _db.WriteAsync(Target("l", null), """{"n":1}""")).Inserted.ShouldBe(1);
        _db.Scalar("SELECT count(*) FROM l").ShouldBe(4L);
    }

    [Fact]
    public async Task Table_without_key_gets_a_unique_index_unless_it_has_duplicates()
    {
        _db.Execute("CREATE TABLE t(id TEXT, n TEXT); INSERT INTO t VALUES('a', '1'); CREATE TABLE u(id TEXT, n TEXT); INSERT INTO u VALUES('a', '1'), ('a', '2')");
        (await _db.WriteAsync(Target(), """{"id":"a","n":"2"}""")).Updated.ShouldBe(1);
        (await _db.WriteAsync(Target(), """{"id":"a","n":"3"}""")).Updated.ShouldBe(1);
        _db.Scalar("SELECT count(*) FROM pragma_index_list('t')").ShouldBe(1L);
        var e = await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(Target("u"), """{"id":"a","n":"2"}"""));
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldContain("several rows with the same id");
    }

    [Fact]
    public async Task Columns_seen_only_as_null_wait_for_a_value()
    {
        await _db.WriteAsync(Target(), """{"id":1,"n":null}""");
        _db.Rows("SELECT name FROM pragma_table_info('t')").ShouldBe(["id"]);
        (await _db.WriteAsync(Target(), """{"id":1,"n":null}""", """{"id":1,"n":"x"}""")).ShouldBe(new WriteCounts(0, 1, 1));
        _db.Rows("SELECT * FROM t").ShouldBe(["1|x"]);
    }
}
