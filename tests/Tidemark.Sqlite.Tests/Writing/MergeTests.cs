using Tidemark.Destinations;
using static Tidemark.Sqlite.Tests.TestDatabase;

namespace Tidemark.Sqlite.Tests.Writing;

public sealed class MergeTests : IDisposable
{
    private readonly TestDatabase _db = new();

    public void Dispose() => _db.Dispose();

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
    public async Task Update_keeps_the_row_id()
    {
        await _db.WriteAsync(Target(), """{"id":"a","n":1}""", """{"id":"b","n":1}""");
        var before = _db.Rows("SELECT rowid, id FROM t ORDER BY id");
        await _db.WriteAsync(Target(), """{"id":"a","n":2}""", """{"id":"b","n":3}""");
        _db.Rows("SELECT rowid, id FROM t ORDER BY id").ShouldBe(before);
    }

    [Fact]
    public async Task Change_of_case_is_a_change_under_a_collation_without_case()
    {
        _db.Execute("CREATE TABLE t(id BIGINT PRIMARY KEY, n TEXT COLLATE NOCASE)");
        await _db.WriteAsync(Target(), """{"id":1,"n":"ann"}""");
        (await _db.WriteAsync(Target(), """{"id":1,"n":"Ann"}""")).Updated.ShouldBe(1);
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
}
