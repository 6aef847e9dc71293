using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.TestDestination;

namespace Tidemark.PostgreSql.Tests.Writing;

[Collection(PostgreSqlCollection.Name)]
public sealed class FullScanTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly StreamTarget Removing = Target() with { Deletions = Deletions.Remove };
    private static readonly StreamTarget Marking = Target() with { Deletions = Deletions.Mark };
    private static readonly StreamTarget Replacing = Target() with { Disposition = WriteDisposition.Replace };
    private static readonly StreamTarget ReplacingWithoutKey = Target() with { Schema = new(), Disposition = WriteDisposition.Replace };

    private TestDestination _db = null!;

    public async Task InitializeAsync() => _db = await CreateAsync(server);

    public async Task DisposeAsync() => await _db.DisposeAsync();

    [Fact]
    public async Task Replace_gives_values_the_types_of_columns_of_the_user()
    {
        await _db.SqlAsync("CREATE TABLE t(id BIGINT PRIMARY KEY, n BIGINT, own TEXT); INSERT INTO t VALUES(1, 1, 'x')");
        await _db.ScanAsync(Replacing, Finish(), ["""{"id":1,"n":"01","own":true}""", """{"id":2,"n":5}"""]);
        (await _db.SqlAsync("SELECT id, n, own FROM t ORDER BY id")).ShouldBe("1|1|true\n2|5|NULL");
    }

    [Fact]
    public async Task Replace_widens_columns_of_ours_to_what_was_set_aside()
    {
        await _db.ScanAsync(Replacing, Finish(), ["""{"id":1,"n":1,"d":1.5}""", """{"id":2,"n":9007199254740993}"""]);
        await _db.ScanAsync(Replacing, Finish(maxDelete: 1), ["""{"id":"a","n":"01","d":12345678901234567890.5}"""]);
        (await _db.SqlAsync("SELECT *, pg_typeof(id), pg_typeof(n), pg_typeof(d) FROM t")).ShouldBe("a|01|12345678901234567890.5|text|text|numeric");
    }

    [Fact]
    public async Task Readers_see_the_old_rows_until_the_replacement_is_committed()
    {
        await _db.ScanAsync(Replacing, Finish(), Records(1, 10));
        await using var writer = await _db.OpenAsync(Replacing);
        await WriteAsync(writer, Replacing, Records(2, 11));
        await using var transaction = await writer.BeginAsync(default);
        (await transaction.FinishAsync(Finish(), default)).ShouldBe(1);
        (await _db.SqlAsync("SET lock_timeout = '1s'; SELECT count(*), min(id) FROM t")).ShouldBe("10|1");
        await transaction.CommitAsync(Checkpoint.None, default);
        (await _db.SqlAsync("SELECT count(*), min(id) FROM t")).ShouldBe("10|2");
    }

    [Fact]
    public async Task Replacement_that_other_tables_do_not_allow_leaves_the_old_rows()
    {
        await _db.ScanAsync(Replacing, Finish(), Records(1, 2));
        await _db.SqlAsync("CREATE TABLE child(id bigint REFERENCES t); INSERT INTO child VALUES(1)");
        var e = await Should.ThrowAsync<DestinationException>(() => _db.ScanAsync(Replacing, Finish(), Records(1, 3)));
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldStartWith("the table 't' can't take the new rows; its old ones stay: ");
        (await _db.SqlAsync("SELECT count(*) FROM t")).ShouldBe("2");
    }

    [Theory]
    [InlineData("uuid", "'00000000-0000-0000-0000-00000000000' || i", "\"00000000-0000-0000-0000-00000000000I\"")]
    [InlineData("integer", "i", "I")]
    [InlineData("varchar(4)", "'k' || i", "\"kI\"")]
    [InlineData("timestamp", "'2026-01-0' || i || ' 10:00:00'", "\"2026-01-0IT10:00:00Z\"")]
    [InlineData("timestamptz", "'2026-01-0' || i || ' 10:00:00Z'", "\"2026-01-0IT11:00:00+01:00\"")]
    public async Task Keys_of_any_type_are_known_again(string type, string stored, string arriving)
    {
        await _db.SqlAsync($"CREATE TABLE t(id {type} PRIMARY KEY, n bigint CHECK (n <> 13)); INSERT INTO t SELECT ({stored})::{type}, i FROM generate_series(1, 9) AS i");
        string Record(int i, int n) => $$"""{"id":{{arriving.Replace("I", $"{i}", StringComparison.Ordinal)}},"n":{{n}}}""";
        await using var writer = await _db.OpenAsync(Removing);
        (await WriteAsync(writer, Removing, [.. Enumerable.Range(1, 7).Select(i => Record(i, i))])).ShouldBe(new WriteCounts(0, 0, 7));
        await using var transaction = await writer.BeginAsync(default);
        using var batch = Batch(Removing, Record(8, 13));
        (await Should.ThrowAsync<DestinationException>(() => transaction.WriteAsync(batch, 0, 1, default))).Fault.ShouldBe(DestinationFault.Record);
        (await transaction.FinishAsync(Finish(failed: 1), default)).ShouldBe(1);
        await transaction.CommitAsync(Checkpoint.None, default);
        (await _db.SqlAsync("SELECT string_agg(n::text, ',' ORDER BY n) FROM t")).ShouldBe("1,2,3,4,5,6,7,8");
    }

    [Fact]
    public async Task Replace_of_a_table_of_the_user_counts_lost_keys_from_the_first_scan_on()
    {
        await _db.SqlAsync("CREATE TABLE t(id TEXT PRIMARY KEY, n BIGINT); INSERT INTO t VALUES('a', 1), ('b', 2)");
        (await Should.ThrowAsync<DestinationException>(() => _db.ScanAsync(Replacing, Finish(), ["""{"id":"x"}""", """{"id":"y"}"""]))).Message.ShouldContain("2 of 2 rows");
        (await _db.SqlAsync("SELECT id FROM t")).ShouldBe("a\nb");
        (await _db.ScanAsync(Replacing, Finish(maxDelete: 1))).ShouldBe(2);
        (await _db.SqlAsync("SELECT id FROM t")).ShouldBe("x\ny");
    }

    [Theory]
    [InlineData(PartitionKind.List, "country", "t_at,t_de")]
    [InlineData(PartitionKind.Range, "day", "t_2026_01,t_2026_02")]
    [InlineData(PartitionKind.Range, "at", "t_2025_12,t_2026_01")]
    public async Task Replace_makes_a_new_table_with_its_partitions_when_the_scan_is_complete(PartitionKind kind, string column, string partitions)
    {
        var target = Target("t", "id", column) with { Disposition = WriteDisposition.Replace, Partitioning = new TablePartitioning(column, kind) };
        string[] records =
        [
            """{"id":1,"country":"at","day":"2026-01-31","at":"2026-01-01T00:30:00+01:00"}""", """{"id":2,"country":"de","day":"2026-02-01","at":"2026-01-01T00:00:00Z"}""",
            """{"id":3,"country":"at","day":"2026-02-28","at":"2026-01-31T23:59:59Z"}""",
        ];
        await _db.WriteAsync(target, records[0], records[1]);
        (await _db.SqlAsync("SELECT to_regclass('t')")).ShouldBe("NULL");
        await _db.ScanAsync(target, Finish(), [records[2]]);
        (await _db.SqlAsync("SELECT string_agg(id::text, ',' ORDER BY id) FROM t")).ShouldBe("1,2,3");
        (await _db.SqlAsync("SELECT string_agg(inhrelid::regclass::text, ',' ORDER BY 1) FROM pg_inherits WHERE inhparent = 't'::regclass")).ShouldBe(partitions);
    }

    [Fact]
    public async Task Replace_refuses_what_a_new_table_in_partitions_could_not_take_before_the_scan_is_complete()
    {
        var target = ReplacingWithoutKey with { Partitioning = new TablePartitioning("at", PartitionKind.Range) };
        (await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(target, """{"at":"2026-01-01"}""", """{"id":1}"""))).Message.ShouldContain("the record has no value in 'at'");
        (await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(target, """{"id":1}"""))).Fault.ShouldBe(DestinationFault.Record);
        (await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(target, """{"at":"soon"}"""))).Message.ShouldContain("the table 'public.t' can't be partitioned by ranges of 'at', which is text");
        (await _db.SqlAsync("SELECT to_regclass('t')")).ShouldBe("NULL");
    }

    [Fact]
    public async Task Mark_of_deletion_is_the_time_of_the_scan()
    {
        await _db.ScanAsync(Marking, Finish(), Records(1, 10));
        await _db.ScanAsync(Marking, Finish(), Records(1, 9));
        (await _db.SqlAsync("SELECT id, _tidemark_deleted_at FROM t WHERE _tidemark_deleted_at IS NOT NULL")).ShouldBe("10|2026-01-02 03:04:05+00");
    }

    private static string[] Records(int from, int to) => [.. Enumerable.Range(from, to - from + 1).Select(i => $$"""{"id":{{i}},"n":{{i}}}""")];
}
