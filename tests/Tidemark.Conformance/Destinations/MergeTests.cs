using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Destinations;

/// <summary>What becomes of records that meet rows, and what is counted.</summary>
public abstract class MergeTests(Harness harness) : DestinationTests(harness)
{
    [SkippableFact]
    public async Task Merge_counts_inserted_updated_and_unchanged()
    {
        (await WriteAsync(Target(), """{"id":1,"n":"a"}""", """{"id":2,"n":"b"}""")).ShouldBe(new WriteCounts(2, 0, 0));
        (await WriteAsync(Target(), """{"id":1,"n":"a"}""", """{"id":2,"n":"B"}""", """{"id":3,"n":"c"}""")).ShouldBe(new WriteCounts(1, 1, 1));
        (await RowsAsync()).ShouldBe(["id=1 n=a", "id=2 n=B", "id=3 n=c"]);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(3000)]
    public async Task Merge_of_any_size_counts_the_same(int count)
    {
        var target = Target();
        string[] Versions(int changed) => [.. Enumerable.Range(0, count).Select(i => $$"""{"id":{{i}},"n":{{(i < changed ? -i - 1 : i)}},"text":"{{i}}"}""")];
        (await WriteAsync(target, Versions(0))).ShouldBe(new WriteCounts(count, 0, 0));
        (await WriteAsync(target, Versions(0))).ShouldBe(new WriteCounts(0, 0, count));
        (await WriteAsync(target, Versions(count / 2))).ShouldBe(new WriteCounts(0, count / 2, count - (count / 2)));
        (await WriteAsync(target, [.. Versions(count / 2), """{"id":-1,"n":0}"""])).ShouldBe(new WriteCounts(1, 0, count));
        (await CountAsync()).ShouldBe(count + 1);
    }

    [SkippableFact]
    public async Task Partial_record_keeps_absent_columns_and_null_clears()
    {
        await WriteAsync(Target(), """{"id":1,"a":"x","b":"y"}""");
        (await WriteAsync(Target(), """{"id":1,"b":null}""")).ShouldBe(new WriteCounts(0, 1, 0));
        (await RowsAsync()).ShouldBe(["a=x id=1"]);
        (await WriteAsync(Target(), """{"id":1}""")).ShouldBe(new WriteCounts(0, 0, 1));
        (await WriteAsync(Target(), """{"id":1,"a":"z"}""", """{"id":2}""", """{"id":3,"b":"w","c":true}""")).ShouldBe(new WriteCounts(2, 1, 0));
        (await RowsAsync()).ShouldBe(["a=z id=1", "b=w c=true id=3", "id=2"]);
    }

    [SkippableFact]
    public async Task Columns_seen_only_as_null_wait_for_a_value()
    {
        await WriteAsync(Target(), """{"id":1,"n":null}""");
        (await Db.ColumnsAsync("t")).Select(c => c.Name).ShouldBe(["id"]);
        (await WriteAsync(Target(), """{"id":1,"n":"x"}""")).ShouldBe(new WriteCounts(0, 1, 0));
        (await RowsAsync()).ShouldBe(["id=1 n=x"]);
    }

    [SkippableFact]
    public async Task Same_numbers_in_another_form_are_unchanged()
    {
        await WriteAsync(Target(), """{"id":1,"d":5.5,"b":true,"e":"","x":1.0e2}""", """{"id":2,"d":5.0}""");
        (await WriteAsync(Target(), """{"id":2,"d":5}""", """{"id":1,"d":5.50,"b":true,"e":"","x":100}""")).ShouldBe(new WriteCounts(0, 0, 2));
    }

    [SkippableFact]
    public async Task Same_instant_and_same_object_in_another_form_are_changes_only_where_the_form_is_kept()
    {
        await WriteAsync(Target(), """{"id":1,"at":"2026-01-02T00:00:00Z","doc":{"a":1,"b":2}}""");
        (await WriteAsync(Target(), """{"id":1,"at":"2026-01-02T01:00:00+01:00"}""")).Updated.ShouldBe(Db.KeepsSpelling ? 1 : 0);
        (await WriteAsync(Target(), """{"id":1,"doc":{"b": 2, "a": 1}}""")).Updated.ShouldBe(Db.KeepsFieldOrder ? 1 : 0);
        (await RowsAsync()).ShouldBe(["""at=2026-01-02T00:00:00Z doc={"a":1,"b":2} id=1"""]);
    }

    [SkippableTheory]
    [InlineData("\"2026-01-02T00:00:00Z\"", "\"2026-01-02T00:30:00+01:00\"", false)]
    [InlineData("\"2026-01-02T00:30:00+01:00\"", "\"2026-01-02T00:00:00Z\"", true)]
    [InlineData("\"2026-01-02T00:00:00Z\"", "\"2026-01-02T00:00:00Z\"", true)]
    [InlineData("\"2026-01-02 00:00:00\"", "\"2026-01-01T23:00:00\"", false)]
    [InlineData("\"2026-01-02\"", "\"2026-01-01\"", false)]
    [InlineData("\"2026-01-02\"", "\"2026-01-03T00:00:00Z\"", true)]
    [InlineData("\"2026-01-02\"", "\"2026-01-01T23:59:59Z\"", false)]
    [InlineData("1700000000", "999999999", false)]
    [InlineData("999999999", "1700000000", true)]
    [InlineData("\"10\"", "\"9\"", false)]
    [InlineData("\"9\"", "\"10\"", true)]
    [InlineData("1.5", "1.25", false)]
    [InlineData("5", "4.5", false)]
    [InlineData("\"b\"", "\"a\"", false)]
    [InlineData("\"a\"", "\"B\"", false)]
    [InlineData("\"a\"", "\"5\"", true)]
    [InlineData("\"2026-01-02T00:00:00Z\"", "null", true)]
    [InlineData("null", "\"2026-01-02T00:00:00Z\"", true)]
    public async Task Cursor_lets_only_versions_that_are_not_older_through(string stored, string arriving, bool written)
    {
        var target = Target(cursor: "at");
        await WriteAsync(target, $$"""{"id":1,"n":"old","at":{{stored}}}""");
        (await WriteAsync(target, $$"""{"id":1,"n":"new","at":{{arriving}}}""")).ShouldBe(written ? new WriteCounts(0, 1, 0) : new WriteCounts(0, 0, 1, Older: 1));
        (await ValuesAsync("n")).ShouldBe([written ? "new" : "old"]);
    }

    [SkippableFact]
    public async Task Record_without_cursor_field_is_written()
    {
        var target = Target(cursor: "at");
        await WriteAsync(target, """{"id":1,"n":"old","at":"2026-01-02"}""");
        (await WriteAsync(target, """{"id":1,"n":"new"}""")).Updated.ShouldBe(1);
        (await RowsAsync()).ShouldBe(["at=2026-01-02 id=1 n=new"]);
    }

    [SkippableFact]
    public async Task Ignoring_the_cursor_lets_older_overwrite_but_not_within_a_call()
    {
        var target = Target(cursor: "at");
        await WriteAsync(target, """{"id":1,"n":"stored","at":"2026-05-01"}""");
        (await WriteAsync(target with { IgnoreCursor = true }, """{"id":1,"n":"newer","at":"2026-02-01"}""", """{"id":1,"n":"older","at":"2026-01-01"}""")).ShouldBe(new WriteCounts(0, 1, 1));
        (await ValuesAsync("n")).ShouldBe(["newer"]);
    }

    [SkippableFact]
    public async Task Records_of_one_key_fold_column_by_column_and_the_newest_wins()
    {
        (await WriteAsync(Target("a"), """{"id":1,"n":"x","m":1}""", """{"id":1,"n":"y","k":1}""", """{"id":1,"k":null}""")).ShouldBe(new WriteCounts(1, 0, 2));
        (await RowsAsync("a")).ShouldBe(["id=1 m=1 n=y"]);
        await WriteAsync(Target("b", cursor: "at"), """{"id":1,"n":"new","at":3}""", """{"id":1,"n":"old","m":"old","at":1}""", """{"id":1,"m":"newer","at":2}""");
        (await RowsAsync("b")).ShouldBe(["at=3 id=1 m=newer n=new"]);
        // The stored row is newer than one of them: that one brings nothing, the other all it has.
        await WriteAsync(Target("b", cursor: "at"), """{"id":1,"m":"late","at":4}""", """{"id":1,"n":"late","at":2}""");
        (await RowsAsync("b")).ShouldBe(["at=4 id=1 m=late n=new"]);
    }

    [SkippableFact]
    public async Task Partial_record_updates_a_row_whose_absent_column_must_not_be_null()
    {
        Db.NeedsSql();
        await Db.ExecuteAsync("""CREATE TABLE "t"("id" BIGINT PRIMARY KEY, "name" TEXT NOT NULL, "n" BIGINT)""");
        await Db.ExecuteAsync("""INSERT INTO "t" VALUES(1, 'ann', 1)""");
        (await WriteAsync(Target(), """{"id":1,"n":2}""")).ShouldBe(new WriteCounts(0, 1, 0));
        (await WriteAsync(Target(), """{"id":1,"n":2}""", """{"id":1}""")).ShouldBe(new WriteCounts(0, 0, 2));
        (await RowsAsync()).ShouldBe(["id=1 n=2 name=ann"]);
        var e = await RefusedAsync(Target(), """{"id":9,"n":2}""");
        (e.Fault, e.Message.Contains("name", StringComparison.Ordinal)).ShouldBe((DestinationFault.Record, true), e.Message);
    }

    [SkippableFact]
    public async Task New_row_takes_the_defaults_of_columns_that_it_lacks()
    {
        Db.NeedsSql();
        await Db.ExecuteAsync("""CREATE TABLE "t"("id" BIGINT PRIMARY KEY, "state" TEXT NOT NULL DEFAULT 'new', "n" BIGINT)""");
        (await WriteAsync(Target(), """{"id":1,"n":1}""", """{"id":2,"state":"old"}""")).ShouldBe(new WriteCounts(2, 0, 0));
        (await RowsAsync()).ShouldBe(["id=1 n=1 state=new", "id=2 state=old"]);
    }

    [SkippableFact]
    public async Task Composite_key_and_append()
    {
        (await WriteAsync(Target("m", "a,b"), """{"a":1,"b":"x","n":1}""", """{"a":1,"b":"y","n":1}""")).ShouldBe(new WriteCounts(2, 0, 0));
        (await WriteAsync(Target("m", "a,b"), """{"b":"x","a":1,"n":2}""", """{"a":2,"b":"x","n":2}""")).ShouldBe(new WriteCounts(1, 1, 0));
        (await WriteAsync(Target("l", null), """{"n":1}""", """{"n":1}""", "{}")).ShouldBe(new WriteCounts(3, 0, 0));
        (await WriteAsync(Target("l", null), """{"n":1}""", """{"n":"x"}""")).ShouldBe(new WriteCounts(2, 0, 0));
        (await CountAsync("l")).ShouldBe(5);
    }

    [SkippableFact]
    public async Task Table_without_key_gets_a_unique_index_unless_it_has_duplicates()
    {
        Db.NeedsSql();
        await Db.ExecuteAsync("""CREATE TABLE "t"("id" TEXT, "n" TEXT)""");
        await Db.ExecuteAsync("""INSERT INTO "t" VALUES('a', '1')""");
        await Db.ExecuteAsync("""CREATE TABLE "u"("id" TEXT, "n" TEXT)""");
        await Db.ExecuteAsync("""INSERT INTO "u" VALUES('a', '1'), ('a', '2')""");
        (await WriteAsync(Target(), """{"id":"a","n":"2"}""", """{"id":"b"}""")).ShouldBe(new WriteCounts(1, 1, 0));
        (await WriteAsync(Target(), """{"id":"a","n":"3"}""")).ShouldBe(new WriteCounts(0, 1, 0));
        var index = (await Db.Destination.DescribeAsync(Target(), default)).ShouldNotBeNull().Indexes.ShouldHaveSingleItem();
        (index.Unique, string.Join(',', index.Columns)).ShouldBe((true, "id"));
        var e = await RefusedAsync(Target("u"), """{"id":"a","n":"2"}""");
        (e.Fault, e.Message.Contains("several rows with the same id", StringComparison.Ordinal)).ShouldBe((DestinationFault.Fatal, true), e.Message);
    }

    [SkippableFact]
    public async Task Text_with_nul_is_kept_or_refused_by_name()
    {
        if (Db.KeepsNul)
        {
            (await WriteAsync(Target(), """{"id":1,"n":"a\u0000b"}""")).Inserted.ShouldBe(1);
            (await ValuesAsync("n")).ShouldBe(["a\0b"]);
            return;
        }
        foreach (var record in new[] { """{"id":1,"n":"a\u0000b"}""", """{"id":1,"n":{"deep":["\u0000"]}}""", """{"id":"\u0000","n":1}""" })
        {
            var e = await RefusedAsync(Target(), record);
            (e.Fault, e.Message.Contains("NUL", StringComparison.Ordinal)).ShouldBe((DestinationFault.Record, true), e.Message);
        }
    }

    public sealed class OnSqlite() : MergeTests(new SqliteHarness());

    [Collection(MongoDbCollection.Name)]
    public sealed class OnMongoDb(MongoServer server) : MergeTests(new MongoDbHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSql(PostgresServer server) : MergeTests(new PostgreSqlHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSqlWithUnusualSettings(PostgresServer server) : MergeTests(PostgreSqlHarness.WithUnusualSettings(server));

    [Collection(PgBouncerCollection.Name)]
    public sealed class ThroughPgBouncer(PgBouncer bouncer) : MergeTests(new PostgreSqlHarness(bouncer.Server, bouncer.Url));
}
