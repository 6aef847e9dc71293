using System.Diagnostics;
using Tidemark.Destinations;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests.Writing;

/// <summary>Which way rows take, and how many statements that needs.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class WritingPathsTests(PostgresServer server)
{
    [Theory]
    [InlineData(300, 4)]
    [InlineData(20_000, 4)]
    public async Task First_load_takes_a_bounded_number_of_statements(int count, int most)
    {
        await using var bench = await RowsBench.OpenAsync(server, sql: "CREATE TABLE t (id bigint PRIMARY KEY, a text, b bigint)");
        await bench.WriteAsync("{'id':-1,'a':'x','b':1}");
        await bench.SqlAsync("TRUNCATE t");
        await bench.Writer.WriteAsync(["{'id':-2}"]);
        (await CountAsync(() => bench.WriteAsync(Records(0, count)))).ShouldBeLessThanOrEqualTo(most + Around);
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(300, 3)]
    [InlineData(20_000, 3)]
    public async Task Merge_takes_a_bounded_number_of_statements(int count, int most)
    {
        await using var bench = await RowsBench.OpenAsync(server);
        await bench.WriteAsync(Records(0, count));
        // The first call that is not all new finds that out by trying.
        await bench.WriteAsync(Records(0, count));
        (await CountAsync(() => bench.WriteAsync(Records(count / 2, count)))).ShouldBeLessThanOrEqualTo(most + Around);
    }

    [Fact]
    public async Task Key_that_is_there_already_ends_the_copy_into_the_table_and_nothing_is_lost()
    {
        await using var bench = await RowsBench.OpenAsync(server);
        await bench.WriteAsync(Records(0, 300));
        (await bench.WriteAsync(Records(299, 300))).ShouldBe(new WriteCounts(299, 0, 1));
        (await bench.SqlAsync("SELECT count(*) FROM t")).ShouldBe("599");
        (await bench.WriteAsync(Records(1000, 300))).ShouldBe(new WriteCounts(300, 0, 0));
        (await bench.WriteAsync(Records(2000, 300))).ShouldBe(new WriteCounts(300, 0, 0));
        (await bench.SqlAsync("SELECT count(*) FROM t")).ShouldBe("1199");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    public async Task Keys_of_all_records_are_kept_where_deletions_are_followed(int count)
    {
        await using var bench = await RowsBench.OpenAsync(server);
        await bench.WriteAsync("{'id':-1,'a':'x'}");
        var seen = await bench.KeysAsync();
        for (var times = 0; times < 3; times++) await bench.Writer.WriteAsync(Records(times, count), seen);
        await bench.Writer.WriteAsync([.. Records(0, 2), .. Records(0, 2)], seen);
        (await bench.SqlAsync("SELECT count(*), min(id), max(id) FROM seen")).ShouldBe($"{count + 2}|0|{count + 1}");
        (await bench.SqlAsync("SELECT count(*) FROM t")).ShouldBe($"{count + 3}");
    }

    [Fact]
    public async Task Several_calls_in_one_transaction_use_one_stage()
    {
        await using var bench = await RowsBench.OpenAsync(server, maxArrayRows: 0);
        await bench.WriteAsync("{'id':1,'a':'x'}");
        bench.Writer.Session.Begin();
        for (var i = 0; i < 5; i++) await bench.Writer.WriteInAsync(Records(i, 3));
        (await bench.Writer.Session.ScalarAsync("SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'", default)).ShouldBe(1L);
        await bench.Writer.Session.CommitAsync(default);
        (await bench.SqlAsync("SELECT count(*) FROM t")).ShouldBe("7");
        (await bench.SqlAsync("SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'")).ShouldBe("0");
        (await bench.Writer.Session.ScalarAsync("SHOW enable_hashjoin", default)).ShouldBe("on");
    }

    [Fact]
    public async Task Large_table_is_not_read_to_merge_a_batch()
    {
        await using var bench = await RowsBench.OpenAsync(server, sql: "CREATE TABLE t (id bigint PRIMARY KEY, a text); INSERT INTO t SELECT i, 'x' FROM generate_series(1, 200000) AS i; ANALYZE t");
        await bench.WriteAsync(Records(0, 3));
        var before = await bench.SqlAsync("SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 't'");
        bench.Writer.Session.Begin();
        await bench.Writer.WriteInAsync(Records(50, 1000));
        var read = await bench.Writer.Session.ScalarAsync("SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 't'", default);
        await bench.Writer.Session.CommitAsync(default);
        ((long)read! - long.Parse(before, System.Globalization.CultureInfo.InvariantCulture)).ShouldBeLessThan(10);
    }

    [Fact]
    public async Task Record_that_is_refused_in_the_middle_of_a_copy_leaves_nothing_behind()
    {
        await using var bench = await RowsBench.OpenAsync(server);
        await bench.WriteAsync("{'id':-1,'a':'x'}");
        await bench.SqlAsync("TRUNCATE t");
        foreach (var _ in new[] { "fresh", "again" })
        {
            var error = await Should.ThrowAsync<DestinationException>(() => bench.WriteAsync([.. Records(0, 10_000), "{'id':10000,'a':'\\u0000'}"]));
            error.Fault.ShouldBe(DestinationFault.Record);
            error.Message.ShouldBe("PostgreSQL can't keep the character NUL (U+0000) in text: found in 'a'");
            (await bench.SqlAsync("SELECT count(*) FROM t")).ShouldBe("0");
        }
        (await bench.WriteAsync(Records(0, 10_000))).ShouldBe(new WriteCounts(10_000, 0, 0));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task Partitioned_table_is_written_like_any_other(int maxArrayRows)
    {
        await using var bench = await RowsBench.OpenAsync(server, key: "id,r", maxArrayRows: maxArrayRows, partitioning: new TablePartitioning("r", PartitionKind.List));
        string[] Of(string a, string[] regions) => [.. Enumerable.Range(0, 30).Select(i => $$"""{'id':{{i}},'r':'{{regions[i % regions.Length]}}','a':'{{a}}'}""")];
        (await bench.WriteAsync(Of("1", ["x", "y"]))).ShouldBe(new WriteCounts(30, 0, 0));
        (await bench.WriteAsync([.. Of("1", ["x", "y"])[..10], .. Of("2", ["x", "y"])[10..]])).ShouldBe(new WriteCounts(0, 20, 10));
        (await bench.WriteAsync(Of("3", ["x", "z"]))).ShouldBe(new WriteCounts(15, 15, 0));
        (await bench.SqlAsync("SELECT r, a, count(*) FROM t GROUP BY 1, 2 ORDER BY 1, 2")).ShouldBe("x|3|15\ny|1|5\ny|2|10\nz|3|15");
        (await bench.SqlAsync("SELECT count(DISTINCT tableoid) FROM t")).ShouldBe("3");
    }

    // BEGIN, COMMIT, and a look at the table.
    private const int Around = 3;

    // Other tests talk to their servers at the same time, so only statements of this trace count.
    private static async Task<int> CountAsync(Func<Task> work)
    {
        var count = 0;
        using var trace = new Activity(nameof(CountAsync)).Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = statement => { if (statement.TraceId == trace.TraceId) Interlocked.Increment(ref count); },
        };
        ActivitySource.AddActivityListener(listener);
        await work();
        count.ShouldBeGreaterThan(2);
        return count;
    }

    private static string[] Records(int from, int count) => [.. Enumerable.Range(from, count).Select(i => $$"""{'id':{{i}},'a':'name {{i}}'}""")];
}
