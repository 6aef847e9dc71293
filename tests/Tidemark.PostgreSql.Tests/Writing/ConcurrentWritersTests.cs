using Tidemark.Destinations;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests.Writing;

/// <summary>Several connections write the same keys. One waits for the other's transaction: the tests look into the server's locks, not at a clock.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class ConcurrentWritersTests(PostgresServer server)
{
    [Theory]
    [InlineData(2)]
    [InlineData(300)]
    public async Task Rows_that_another_writer_inserts_meanwhile_are_updated(int count)
    {
        await using var bench = await RowsBench.OpenAsync(server);
        await bench.WriteAsync("{'id':-1,'at':0,'a':'x'}");
        var second = await bench.SecondAsync();
        bench.Writer.Session.Begin();
        await bench.Writer.WriteInAsync(Records(count, 1, "first"));
        var write = second.WriteAsync(Records(count, 2, "second"));
        await BlockedAsync(bench);
        await bench.Writer.Session.CommitAsync(default);
        (await write).ShouldBe(new WriteCounts(0, count, 0));
        (await bench.SqlAsync("SELECT DISTINCT a FROM t WHERE id >= 0")).ShouldBe("second");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(300)]
    public async Task Rows_that_another_writer_makes_newer_meanwhile_are_left_alone(int count)
    {
        await using var bench = await RowsBench.OpenAsync(server, cursor: "at");
        await bench.WriteAsync(Records(count, 1, "stored"));
        var second = await bench.SecondAsync();
        bench.Writer.Session.Begin();
        await bench.Writer.WriteInAsync(Records(count, 3, "newest"));
        var write = second.WriteAsync(Records(count, 2, "late"));
        await BlockedAsync(bench);
        await bench.Writer.Session.CommitAsync(default);
        (await write).ShouldBe(new WriteCounts(0, 0, count, count));
        (await bench.SqlAsync("SELECT DISTINCT a FROM t")).ShouldBe("newest");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(300)]
    public async Task Rows_that_are_deleted_meanwhile_are_inserted_again(int count)
    {
        await using var bench = await RowsBench.OpenAsync(server);
        await bench.WriteAsync(Records(count, 1, "stored"));
        var second = await bench.SecondAsync();
        bench.Writer.Session.Begin();
        await bench.Writer.Session.ExecuteAsync("DELETE FROM t WHERE id = 1", default);
        var write = second.WriteAsync(Records(count, 2, "again"));
        await BlockedAsync(bench);
        await bench.Writer.Session.CommitAsync(default);
        (await write).ShouldBe(new WriteCounts(1, count - 1, 0));
        (await bench.SqlAsync("SELECT count(*), min(a) FROM t")).ShouldBe($"{count}|again");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Two_writers_of_the_same_keys_leave_the_newest_of_each(int maxArrayRows)
    {
        await using var bench = await RowsBench.OpenAsync(server, cursor: "at", maxArrayRows: maxArrayRows);
        await bench.WriteAsync("{'id':0,'at':0,'a':'0'}");
        RowWriterOfTests[] writers = [bench.Writer, await bench.SecondAsync()];
        var newest = new Dictionary<int, int> { [0] = 0 };
        var batches = Enumerable.Range(0, 60).Select(n => RandomBatch(new Random(n), newest)).ToList();
        await Task.WhenAll(writers.Select((writer, w) => Task.Run(async () =>
        {
            foreach (var batch in batches.Where((_, n) => n % 2 == w)) await RetryAsync(writer, batch);
        })));
        (await bench.SqlAsync("SELECT id, at, a FROM t ORDER BY id")).ShouldBe(string.Join('\n', newest.OrderBy(n => n.Key).Select(n => $"{n.Key}|{n.Value}|{n.Value}")));
    }

    private static List<string> RandomBatch(Random random, Dictionary<int, int> newest)
    {
        var records = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            var (id, at) = (random.Next(50), random.Next(1000));
            newest[id] = Math.Max(newest.GetValueOrDefault(id), at);
            records.Add($$"""{'id':{{id}},'at':{{at}},'a':'{{at}}'}""");
        }
        return records;
    }

    // What the engine does: a deadlock is temporary.
    private static async Task RetryAsync(RowWriterOfTests writer, List<string> batch)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                (await writer.WriteAsync(batch)).ShouldSatisfyAllConditions(c => (c.Inserted + c.Updated + c.Unchanged).ShouldBe(batch.Count));
                return;
            }
            catch (DestinationException e) when (e.Fault == DestinationFault.Temporary && attempt < 20)
            {
            }
        }
    }

    private static async Task BlockedAsync(RowsBench bench)
    {
        while (await bench.SqlAsync("SELECT count(*) > 0 FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid) WHERE NOT l.granted AND a.datname = current_database()") != "t")
        {
        }
    }

    private static string[] Records(int count, int at, string a) => [.. Enumerable.Range(0, count).Select(i => $$"""{'id':{{i}},'at':{{at}},'a':'{{a}}'}""")];
}
