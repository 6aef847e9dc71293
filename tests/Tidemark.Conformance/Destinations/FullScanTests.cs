using Tidemark.Checkpoints;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Destinations;

/// <summary>What a complete scan may take away, and what holds it back.</summary>
public abstract class FullScanTests(Harness harness) : DestinationTests(harness)
{
    private static readonly StreamTarget Removing = Target() with { Deletions = Deletions.Remove };
    private static readonly StreamTarget Marking = Target() with { Deletions = Deletions.Mark };
    private static readonly StreamTarget Replacing = Target() with { Disposition = WriteDisposition.Replace };
    private static readonly StreamTarget ReplacingWithoutKey = Target(key: null) with { Disposition = WriteDisposition.Replace };

    [SkippableFact]
    public async Task Replace_changes_nothing_before_it_is_finished_and_keeps_the_table_itself()
    {
        Db.NeedsSql();
        await ScanAsync(Replacing, Finish(), Records(1, 10));
        await Db.ExecuteAsync("""CREATE INDEX "i" ON "t"("n")""");
        await Db.ExecuteAsync("""CREATE VIEW "v" AS SELECT count(*) AS "c" FROM "t" """);
        await WriteAsync(Replacing, Records(2, 11));
        (await ValuesAsync("id")).ShouldContain(r => r == "1");
        (await ScanAsync(Replacing, Finish())).ShouldBe(1);
        (await ValuesAsync("id")).ShouldBe(["10", "11", "2", "3", "4", "5", "6", "7", "8", "9"]);
        (await Db.ScalarAsync("""SELECT "c" FROM "v" """)).ShouldBe("10");
        (await Db.Destination.DescribeAsync(Replacing, default)).ShouldNotBeNull().Indexes.ShouldHaveSingleItem().Name.ShouldBe("i");
        (await Db.TablesAsync("_tidemark_stage")).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Replace_widens_and_extends_the_table_and_the_newest_version_wins()
    {
        Db.NeedsSql();
        var target = Replacing with { CursorField = "at" };
        await Db.ExecuteAsync("""CREATE TABLE "t"("id" BIGINT PRIMARY KEY, "own" TEXT DEFAULT 'd', "n" BIGINT, CHECK ("n" <> 13))""");
        await Db.ExecuteAsync("""INSERT INTO "t" VALUES(1, 'x', 1)""");
        (await RefusedAsync(target, """{"id":1,"n":13}""")).Fault.ShouldBe(DestinationFault.Record);
        await ScanAsync(target, Finish(), ["""{"id":1,"n":7,"own":"y","at":2}"""], ["""{"id":1,"n":8,"at":1}""", """{"id":2,"n":5,"more":1.5,"at":1}"""]);
        (await RowsAsync()).ShouldBe(["at=1 id=2 more=1.5 n=5 own=d", "at=2 id=1 n=7 own=y"]);
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Replace_guards_empty_and_lossy_results(bool keyed)
    {
        var target = keyed ? Replacing : ReplacingWithoutKey;
        await ScanAsync(target, Finish(), Records(1, 10));
        await HoldsAsync(target, Finish(), "allow_empty");
        await HoldsAsync(target, Finish(allowEmpty: true, failed: 3), "3 failed");
        await HoldsAsync(target, Finish(), "the full scan would take 3 of 10 rows (30 %) from 't', more than max_delete (20 %) allows: nothing was changed; if that is right raise max_delete", Records(1, 7));
        (await CountAsync()).ShouldBe(10);
        (await ScanAsync(target, Finish(maxDelete: 0.3))).ShouldBe(3);
        (await CountAsync()).ShouldBe(7);
        (await ScanAsync(target, Finish(allowEmpty: true))).ShouldBe(7);
        (await CountAsync()).ShouldBe(0);
        (await ScanAsync(target, Finish())).ShouldBe(0);
    }

    [SkippableFact]
    public async Task Replace_counts_lost_keys_not_the_difference_in_number()
    {
        Db.NeedsSql();
        await Db.ExecuteAsync("""CREATE TABLE "t"("id" TEXT PRIMARY KEY, "n" BIGINT)""");
        await Db.ExecuteAsync("""INSERT INTO "t" VALUES('a', 1), ('b', 2)""");
        await HoldsAsync(Replacing, Finish(), "2 of 2 rows", """{"id":"x"}""", """{"id":"y"}""");
        (await ValuesAsync("id")).ShouldBe(["a", "b"]);
        (await ScanAsync(Replacing, Finish(maxDelete: 1))).ShouldBe(2);
        (await ValuesAsync("id")).ShouldBe(["x", "y"]);
    }

    [SkippableFact]
    public async Task Guard_leaves_the_transaction_as_before_the_call()
    {
        await ScanAsync(Removing, Finish(), Records(1, 10));
        await using (var writer = await OpenAsync(Removing))
        {
            await using var transaction = await writer.BeginAsync(default);
            using var batch = Batch(Removing.Schema, """{"id":1,"n":"changed"}""");
            await transaction.WriteAsync(batch, 0, 1, default);
            (await Should.ThrowAsync<DestinationException>(() => transaction.FinishAsync(Finish(), default))).Fault.ShouldBe(DestinationFault.Guard);
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        (await RowsAsync()).ShouldContain(r => r == "id=1 n=changed");
        (await CountAsync()).ShouldBe(10);
    }

    [SkippableFact]
    public async Task Scan_that_starts_over_forgets_what_it_put_aside()
    {
        foreach (var target in new[] { Replacing, Removing with { Stream = "removing", Table = "u" } })
        {
            await ScanAsync(target, Finish(), Records(1, 3));
            await WriteAsync(target, Records(1, 3));
            await using (var writer = await OpenAsync(target))
            {
                await using var transaction = await writer.BeginAsync(default);
                await transaction.StartOverAsync(default);
                await transaction.CommitAsync(Checkpoint.None, default);
            }
            (await ScanAsync(target, Finish(maxDelete: 1), Records(2, 4))).ShouldBe(1);
            (await ValuesAsync("id", target.Table)).ShouldBe(["2", "3", "4"]);
        }
    }

    [SkippableFact]
    public async Task Scan_that_starts_over_forgets_what_was_put_aside_under_another_disposition()
    {
        await WriteAsync(Replacing, Records(1, 3));
        await WriteAsync(Removing, Records(1, 3));
        (await Db.TablesAsync("_tidemark_s")).Count.ShouldBe(2);
        await using (var writer = await OpenAsync(Target()))
        {
            await using (var abandoned = await writer.BeginAsync(default)) await abandoned.StartOverAsync(default);
            (await Db.TablesAsync("_tidemark_s")).Count.ShouldBe(2);
            await using var transaction = await writer.BeginAsync(default);
            await transaction.StartOverAsync(default);
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        (await Db.TablesAsync("_tidemark_s")).ShouldBeEmpty();
        (await ValuesAsync("id")).ShouldBe(["1", "2", "3"]);
    }

    [SkippableFact]
    public async Task Rows_that_a_full_scan_lacks_are_removed()
    {
        await ScanAsync(Removing, Finish(), Records(1, 10));
        (await ScanAsync(Removing, Finish(), Records(1, 5), Records(6, 9))).ShouldBe(1);
        (await CountAsync()).ShouldBe(9);
        (await Db.TablesAsync("_tidemark_seen")).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Rows_that_a_full_scan_lacks_are_marked_and_unmarked_when_they_return()
    {
        var target = Marking with { CursorField = "n" };
        await ScanAsync(target, Finish(), Records(1, 10));
        (await ScanAsync(target, Finish(), Records(1, 9))).ShouldBe(1);
        (await RowsAsync()).Where(r => r.Contains("_tidemark_deleted_at", StringComparison.Ordinal)).ShouldBe(["_tidemark_deleted_at=true id=10 n=10"]);
        (await ScanAsync(target, Finish(), Records(1, 9))).ShouldBe(0);
        (await WriteAsync(target, Records(10, 10))).ShouldBe(new WriteCounts(0, 1, 0));
        (await RowsAsync()).ShouldContain(r => r == "id=10 n=10");
    }

    [SkippableFact]
    public async Task Marked_row_returns_even_in_an_older_version_and_keeps_its_newer_values()
    {
        var target = Marking with { CursorField = "n" };
        await ScanAsync(target, Finish(), Records(1, 10));
        await ScanAsync(target, Finish(), Records(1, 9));
        var counts = await WriteAsync(target, """{"id":10,"n":9}""");
        (counts.Inserted, counts.Updated, counts.Unchanged).ShouldBe((0, 1, 0));
        (await RowsAsync()).ShouldContain(r => r == "id=10 n=10");
    }

    [SkippableFact]
    public async Task Deletion_guards_empty_and_lossy_scans()
    {
        await ScanAsync(Removing, Finish(), Records(1, 10));
        await HoldsAsync(Removing, Finish(), "allow_empty");
        await HoldsAsync(Removing, Finish(), "3 of 10 rows (30 %)", Records(1, 7));
        (await ScanAsync(Removing, Finish(maxDelete: 0.3))).ShouldBe(3);
        (await ScanAsync(Removing, Finish(allowEmpty: true))).ShouldBe(7);
        (await CountAsync()).ShouldBe(0);
    }

    [SkippableFact]
    public async Task Failed_records_without_a_known_key_hold_back_all_deletions()
    {
        await ScanAsync(Removing, Finish(), Records(1, 10));
        (await ScanAsync(Removing, Finish(failed: 1), Records(1, 9))).ShouldBe(0);
        (await ScanAsync(Removing, Finish(failed: 1), Records(1, 8))).ShouldBe(0);
        (await CountAsync()).ShouldBe(10);
    }

    [SkippableFact]
    public async Task Record_that_the_table_refuses_keeps_its_row_and_others_go()
    {
        Db.NeedsSql();
        await Db.ExecuteAsync("""CREATE TABLE "t"("id" BIGINT PRIMARY KEY, "n" BIGINT CHECK ("n" <> 13))""");
        await ScanAsync(Removing, Finish(), Records(1, 10));
        await using (var writer = await OpenAsync(Removing))
        {
            await WriteAsync(writer, Removing, Records(1, 8));
            await using var transaction = await writer.BeginAsync(default);
            using var batch = Batch(Removing.Schema, """{"id":9,"n":13}""");
            await Should.ThrowAsync<DestinationException>(() => transaction.WriteAsync(batch, 0, 1, default));
            (await transaction.FinishAsync(Finish(failed: 1), default)).ShouldBe(1);
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        (await ValuesAsync("id")).ShouldBe(["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    }

    [SkippableFact]
    public async Task Seen_keys_are_compared_as_the_table_stores_them()
    {
        Db.NeedsSql();
        await ScanAsync(Removing, Finish(), ["""{"id":"01000"}""", """{"id":"1000"}""", .. Records(1, 8)]);
        (await ScanAsync(Removing, Finish(), ["""{"id":1000}""", .. Records(1, 8)])).ShouldBe(1);
        (await ValuesAsync("id")).ShouldNotContain(r => r == "01000");
    }

    [SkippableFact]
    public async Task Streams_that_need_no_side_tables_have_none()
    {
        Db.NeedsSql();
        await WriteAsync(Target(), Records(1, 2));
        (await Db.TablesAsync("_tidemark_")).ShouldBe(["_tidemark_checkpoints", "_tidemark_columns", "_tidemark_queue"]);
    }

    [SkippableFact]
    public async Task Deletions_need_a_merge_and_a_merge_a_key()
    {
        (await Should.ThrowAsync<DestinationException>(() => OpenAsync(Target(key: null) with { Deletions = Deletions.Mark }))).Fault.ShouldBe(DestinationFault.Fatal);
        (await Should.ThrowAsync<DestinationException>(() => OpenAsync(Target() with { Schema = new() }))).Message.ShouldContain("primary_key");
    }

    private async Task HoldsAsync(StreamTarget target, FinishOptions options, string says, params string[] records)
    {
        var e = await Should.ThrowAsync<DestinationException>(() => records.Length == 0 ? ScanAsync(target, options) : ScanAsync(target, options, records));
        (e.Fault, e.Message.Contains(says, StringComparison.Ordinal)).ShouldBe((DestinationFault.Guard, true), e.Message);
    }

    public sealed class OnSqlite() : FullScanTests(new SqliteHarness());

    [Collection(MongoDbCollection.Name)]
    public sealed class OnMongoDb(MongoServer server) : FullScanTests(new MongoDbHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSql(PostgresServer server) : FullScanTests(new PostgreSqlHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSqlWithUnusualSettings(PostgresServer server) : FullScanTests(PostgreSqlHarness.WithUnusualSettings(server));

    [Collection(PgBouncerCollection.Name)]
    public sealed class ThroughPgBouncer(PgBouncer bouncer) : FullScanTests(new PostgreSqlHarness(bouncer.Server, bouncer.Url));
}
