using Tidemark.Checkpoints;
using Tidemark.Destinations;
using static Tidemark.Sqlite.Tests.TestDatabase;

namespace Tidemark.Sqlite.Tests.Writing;

public sealed class FullScanTests : IDisposable
{
    private static readonly StreamTarget Removing = Target() with { Deletions = Deletions.Remove };
    private static readonly StreamTarget Marking = Target() with { Deletions = Deletions.Mark };
    private static readonly StreamTarget Replacing = Target() with { Disposition = WriteDisposition.Replace };
    private static readonly StreamTarget ReplacingWithoutKey = Target(key: null) with { Disposition = WriteDisposition.Replace };

    private readonly TestDatabase _db = new();

    public void Dispose() => _db.Dispose();

    [Fact]
    public async Task Replace_changes_nothing_before_it_is_finished()
    {
        await _db.ScanAsync(Replacing, Finish(), Records(1, 10));
        _db.Execute("CREATE INDEX i ON t(n); CREATE VIEW v AS SELECT count(*) AS c FROM t");
        await _db.WriteAsync(Replacing, Records(2, 11));
        _db.Rows("SELECT min(id), max(id) FROM t").ShouldBe(["1|10"]);
        (await _db.ScanAsync(Replacing, Finish())).ShouldBe(1);
        _db.Rows("SELECT min(id), max(id), (SELECT c FROM v) FROM t").ShouldBe(["2|11|10"]);
        _db.Rows("SELECT name FROM sqlite_schema WHERE name LIKE '~_tidemark~_st%' ESCAPE '~' OR name = 'i'").ShouldBe(["i"]);
    }

    [Fact]
    public async Task Replace_widens_and_extends_the_table_and_newest_version_wins()
    {
        var target = Replacing with { CursorField = "at" };
        _db.Execute("CREATE TABLE t(id BIGINT PRIMARY KEY, n BIGINT, own TEXT DEFAULT 'd', CHECK (n <> 13)); INSERT INTO t VALUES(1, 1, 'x')");
        (await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(target, """{"id":1,"n":13}"""))).Fault.ShouldBe(DestinationFault.Record);
        await _db.ScanAsync(target, Finish(), ["""{"id":1,"n":"01","Own":true,"at":2}"""], ["""{"id":1,"n":"00","at":1}""", """{"id":2,"n":5,"more":1.5,"at":1}"""]);
        _db.Rows("SELECT id, n, own, more FROM t").ShouldBe(["1|01|true|∅", "2|5|d|1.5"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Replace_guards_empty_and_lossy_results(bool keyed)
    {
        var target = keyed ? Replacing : ReplacingWithoutKey;
        await _db.ScanAsync(target, Finish(), Records(1, 10));
        var empty = await Should.ThrowAsync<DestinationException>(() => _db.ScanAsync(target, Finish()));
        (empty.Fault, empty.Message.Contains("allow_empty", StringComparison.Ordinal)).ShouldBe((DestinationFault.Guard, true));
        await Should.ThrowAsync<DestinationException>(() => _db.ScanAsync(target, Finish(allowEmpty: true, failed: 3)));
        var lossy = await Should.ThrowAsync<DestinationException>(() => _db.ScanAsync(target, Finish(), Records(1, 7)));
        lossy.Message.ShouldBe("the full scan would take 3 of 10 rows (30 %) from 't', more than max_delete (20 %) allows: nothing was changed; if that is right raise max_delete");
        _db.Scalar("SELECT count(*) FROM t").ShouldBe(10L);
        (await _db.ScanAsync(target, Finish(maxDelete: 0.3))).ShouldBe(3);
        (await _db.ScanAsync(target, Finish(allowEmpty: true))).ShouldBe(7);
        _db.Scalar("SELECT count(*) FROM t").ShouldBe(0L);
        (await _db.ScanAsync(target, Finish())).ShouldBe(0);
    }

    [Fact]
    public async Task Replace_of_a_table_of_the_user_counts_lost_keys_from_the_first_scan_on()
    {
        _db.Execute("CREATE TABLE t(id TEXT PRIMARY KEY, n BIGINT) WITHOUT ROWID; INSERT INTO t VALUES('a', 1), ('b', 2)");
        (await Should.ThrowAsync<DestinationException>(() => _db.ScanAsync(Replacing, Finish(), ["""{"id":"x"}""", """{"id":"y"}"""]))).Message.ShouldContain("2 of 2 rows");
        _db.Rows("SELECT id FROM t").ShouldBe(["a", "b"]);
        (await _db.ScanAsync(Replacing, Finish(maxDelete: 1))).ShouldBe(2);
        _db.Rows("SELECT id FROM t").ShouldBe(["x", "y"]);
    }

    [Fact]
    public async Task Scan_that_starts_over_forgets_what_it_put_aside()
    {
        await _db.ScanAsync(Replacing, Finish(), Records(1, 3));
        await _db.WriteAsync(Replacing, Records(7, 9));
        await using (var writer = await _db.OpenAsync(Replacing))
        {
            await using var transaction = await writer.BeginAsync(default);
            await transaction.StartOverAsync(default);
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        await _db.ScanAsync(Replacing, Finish(), Records(1, 4));
        _db.Rows("SELECT id FROM t").ShouldBe(["1", "2", "3", "4"]);
    }

    [Fact]
    public async Task Rows_that_a_full_scan_lacks_are_removed()
    {
        await _db.ScanAsync(Removing, Finish(), Records(1, 10));
        (await _db.ScanAsync(Removing, Finish(), Records(1, 5), Records(6, 9))).ShouldBe(1);
        _db.Scalar("SELECT count(*) FROM t").ShouldBe(9L);
        _db.Rows("SELECT name FROM sqlite_schema WHERE name LIKE '%seen%'").ShouldBeEmpty();
    }

    [Fact]
    public async Task Rows_that_a_full_scan_lacks_are_marked_and_unmarked_when_they_return()
    {
        var target = Marking with { CursorField = "n" };
        await _db.ScanAsync(target, Finish(), Records(1, 10));
        (await _db.ScanAsync(target, Finish(), Records(1, 9))).ShouldBe(1);
        _db.Rows("SELECT id, _tidemark_deleted_at FROM t WHERE _tidemark_deleted_at IS NOT NULL").ShouldBe(["10|2026-01-02T03:04:05.000Z"]);
        (await _db.ScanAsync(target, Finish(), Records(1, 9))).ShouldBe(0);
        (await _db.WriteAsync(target, Records(10, 10))).ShouldBe(new WriteCounts(0, 1, 0));
        _db.Scalar("SELECT count(*) FROM t WHERE _tidemark_deleted_at IS NOT NULL").ShouldBe(0L);
    }

    [Fact]
    public async Task Marked_row_returns_even_in_an_older_version_and_keeps_its_newer_values()
    {
        var target = Marking with { CursorField = "n" };
        await _db.ScanAsync(target, Finish(), Records(1, 10));
        await _db.ScanAsync(target, Finish(), Records(1, 9));
        (await _db.WriteAsync(target, """{"id":10,"n":9}""")).ShouldBe(new WriteCounts(0, 1, 0));
        _db.Rows("SELECT n, _tidemark_deleted_at FROM t WHERE id = 10").ShouldBe(["10|∅"]);
    }

    [Fact]
    public async Task Deletion_guards_empty_and_lossy_scans()
    {
        await _db.ScanAsync(Removing, Finish(), Records(1, 10));
        (await Should.ThrowAsync<DestinationException>(() => _db.ScanAsync(Removing, Finish()))).Message.ShouldContain("allow_empty");
        (await Should.ThrowAsync<DestinationException>(() => _db.ScanAsync(Removing, Finish(), Records(1, 7)))).Message.ShouldContain("3 of 10 rows (30 %)");
        (await _db.ScanAsync(Removing, Finish(maxDelete: 0.3))).ShouldBe(3);
        (await _db.ScanAsync(Removing, Finish(allowEmpty: true))).ShouldBe(7);
    }

    [Fact]
    public async Task Failed_records_without_a_known_key_hold_back_all_deletions()
    {
        await _db.ScanAsync(Removing, Finish(), Records(1, 10));
        (await _db.ScanAsync(Removing, Finish(failed: 1), Records(1, 9))).ShouldBe(0);
        (await _db.ScanAsync(Removing, Finish(failed: 1), Records(1, 8))).ShouldBe(0);
        _db.Scalar("SELECT count(*) FROM t").ShouldBe(10L);
    }

    [Fact]
    public async Task Record_that_the_table_refuses_keeps_its_row_and_others_go()
    {
        _db.Execute("CREATE TABLE t(id BIGINT PRIMARY KEY, n BIGINT CHECK (n <> 13))");
        await _db.ScanAsync(Removing, Finish(), Records(1, 10));
        await using var writer = await _db.OpenAsync(Removing);
        await WriteAsync(writer, Removing, Records(1, 8));
        await using var transaction = await writer.BeginAsync(default);
        using var batch = Batch(Removing.Schema, """{"id":9,"n":13}""");
        await Should.ThrowAsync<DestinationException>(() => transaction.WriteAsync(batch, 0, 1, default));
        (await transaction.FinishAsync(Finish(failed: 1), default)).ShouldBe(1);
        await transaction.CommitAsync(Checkpoint.None, default);
        _db.Rows("SELECT group_concat(id) FROM t").ShouldBe(["1,2,3,4,5,6,7,8,9"]);
    }

    [Fact]
    public async Task Seen_keys_are_compared_as_the_table_stores_them()
    {
        await _db.ScanAsync(Removing, Finish(), ["""{"id":"01000"}""", """{"id":"1000"}""", .. Records(1, 8)]);
        (await _db.ScanAsync(Removing, Finish(), ["""{"id":1000}""", .. Records(1, 8)])).ShouldBe(1);
        _db.Scalar("SELECT count(*) FROM t WHERE id = '01000'").ShouldBe(0L);
    }

    [Fact]
    public async Task Streams_that_need_no_side_tables_have_none()
    {
        await _db.WriteAsync(Target(), Records(1, 2));
        _db.Rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name").ShouldBe(["_tidemark_checkpoints", "_tidemark_columns", "_tidemark_queue", "t"]);
    }

    [Fact]
    public async Task Deletions_need_a_merge()
    {
        (await Should.ThrowAsync<DestinationException>(() => _db.OpenAsync(Target(key: null) with { Deletions = Deletions.Mark }))).Fault.ShouldBe(DestinationFault.Fatal);
        (await Should.ThrowAsync<DestinationException>(() => _db.OpenAsync(Target() with { Schema = new() }))).Message.ShouldContain("primary_key");
    }

    private static string[] Records(int from, int to) => [.. Enumerable.Range(from, to - from + 1).Select(i => $$"""{"id":{{i}},"n":{{i}}}""")];
}
