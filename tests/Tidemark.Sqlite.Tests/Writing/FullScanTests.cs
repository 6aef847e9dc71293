using Tidemark.Destinations;
using static Tidemark.Sqlite.Tests.TestDatabase;

namespace Tidemark.Sqlite.Tests.Writing;

public sealed class FullScanTests : IDisposable
{
    private static readonly StreamTarget Marking = Target() with { Deletions = Deletions.Mark };
    private static readonly StreamTarget Replacing = Target() with { Disposition = WriteDisposition.Replace };

    private readonly TestDatabase _db = new();

    public void Dispose() => _db.Dispose();

    [Fact]
    public async Task Replace_widens_a_column_of_the_user()
    {
        _db.Execute("CREATE TABLE t(id BIGINT PRIMARY KEY, n BIGINT, own TEXT); INSERT INTO t VALUES(1, 1, 'x')");
        await _db.ScanAsync(Replacing, Finish(), ["""{"id":1,"n":"01","Own":true}""", """{"id":2,"n":5}"""]);
        _db.Rows("SELECT id, n, own FROM t").ShouldBe(["1|01|true", "2|5|∅"]);
    }

    [Fact]
    public async Task Replace_of_a_table_without_row_ids_counts_lost_keys_from_the_first_scan_on()
    {
        _db.Execute("CREATE TABLE t(id TEXT PRIMARY KEY, n BIGINT) WITHOUT ROWID; INSERT INTO t VALUES('a', 1), ('b', 2)");
        (await Should.ThrowAsync<DestinationException>(() => _db.ScanAsync(Replacing, Finish(), ["""{"id":"x"}""", """{"id":"y"}"""]))).Message.ShouldContain("2 of 2 rows");
        _db.Rows("SELECT id FROM t").ShouldBe(["a", "b"]);
        (await _db.ScanAsync(Replacing, Finish(maxDelete: 1))).ShouldBe(2);
        _db.Rows("SELECT id FROM t").ShouldBe(["x", "y"]);
    }

    [Fact]
    public async Task Mark_of_deletion_is_the_time_of_the_scan()
    {
        await _db.ScanAsync(Marking, Finish(), Records(1, 10));
        await _db.ScanAsync(Marking, Finish(), Records(1, 9));
        _db.Rows("SELECT id, _tidemark_deleted_at FROM t WHERE _tidemark_deleted_at IS NOT NULL").ShouldBe(["10|2026-01-02T03:04:05.000Z"]);
    }

    private static string[] Records(int from, int to) => [.. Enumerable.Range(from, to - from + 1).Select(i => $$"""{"id":{{i}},"n":{{i}}}""")];
}
