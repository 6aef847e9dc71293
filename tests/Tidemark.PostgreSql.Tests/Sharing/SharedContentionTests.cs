using Tidemark.Destinations;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests.Sharing;

/// <summary>Rows that change between what a statement sees and what it writes, and tables that keep rows out by themselves.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class SharedContentionTests(PostgresServer server)
{
    [Theory]
    [InlineData(2)]
    [InlineData(700)]
    public async Task Rows_that_another_inserts_meanwhile_are_updated_and_told_so(int count)
    {
        await using var bench = await SharedBench.OpenAsync(server, "CREATE TABLE t(id bigint PRIMARY KEY, n bigint)");
        await using var other = await bench.SessionAsync();
        other.Begin();
        await other.ExecuteAsync("INSERT INTO t VALUES(0, -1)", default);
        var write = SharedBench.WriteAsync(bench.Writer, SharedBench.Part(0, Enumerable.Range(0, count).Select(i => SharedBench.Row(i, i))));
        await BlockedAsync(bench);
        await other.CommitAsync(default);
        (await write).ShouldBe("u" + new string('i', count - 1));
        (await bench.SqlAsync("SELECT count(*), min(n) FROM t")).ShouldBe($"{count}|0");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(700)]
    public async Task Rows_that_another_changes_or_deletes_meanwhile_are_written_all_the_same(int count)
    {
        await using var bench = await SharedBench.OpenAsync(server, $"CREATE TABLE t(id bigint PRIMARY KEY, n bigint); INSERT INTO t SELECT i, -1 FROM generate_series(0, {count - 1}) i");
        await using var other = await bench.SessionAsync();
        other.Begin();
        await other.ExecuteAsync("DELETE FROM t WHERE id = 0; UPDATE t SET n = 1 WHERE id = 1", default);
        var write = SharedBench.WriteAsync(bench.Writer, SharedBench.Part(0, Enumerable.Range(0, count).Select(i => SharedBench.Row(i, i))));
        await BlockedAsync(bench);
        await other.CommitAsync(default);
        (await write).ShouldBe("is" + new string('u', count - 2));
        (await bench.SqlAsync("SELECT count(*) FROM t WHERE n = id")).ShouldBe($"{count}");
    }

    [Fact]
    public async Task Rows_that_a_trigger_keeps_out_count_as_unchanged()
    {
        await using var bench = await SharedBench.OpenAsync(
            server,
            """
            CREATE TABLE t(id bigint PRIMARY KEY, n bigint);
            INSERT INTO t VALUES(1, 0), (2, 0);
            CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN CASE WHEN NEW.n > 100 THEN NULL ELSE NEW END; END $$;
            CREATE TRIGGER keep BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION keep();
            """);
        (await SharedBench.WriteAsync(bench.Writer, SharedBench.Part(0, SharedBench.Row(1, 1), SharedBench.Row(2, 200), SharedBench.Row(3, 3), SharedBench.Row(4, 400)))).ShouldBe("usis");
        (await bench.SqlAsync("SELECT string_agg(id || '=' || n, ' ' ORDER BY id) FROM t")).ShouldBe("1=1 2=0 3=3");
    }

    [Fact]
    public async Task Keys_that_only_the_database_can_tell_to_be_equal_are_written_one_after_the_other()
    {
        await using var bench = await SharedBench.OpenAsync(server, "CREATE TABLE t(id numeric(10,1) PRIMARY KEY, n bigint)");
        (await SharedBench.WriteAsync(bench.Writer, SharedBench.Part(0, """{"id":"1.0","n":1}""", """{"id":"2","n":1}""", """{"id":"1.00","n":2}"""))).ShouldBe("iiu");
        (await bench.SqlAsync("SELECT string_agg(id || '=' || n, ' ' ORDER BY id) FROM t")).ShouldBe("1.0=2 2.0=1");
    }

    [Fact]
    public async Task Constraint_that_is_checked_at_the_end_refuses_the_record_when_it_is_written()
    {
        await using var bench = await SharedBench.OpenAsync(server, "CREATE TABLE t(id bigint PRIMARY KEY, n bigint UNIQUE DEFERRABLE INITIALLY DEFERRED)");
        await using var transaction = await bench.Writer.BeginAsync(SharedLook.Nothing, default);
        (await Should.ThrowAsync<DestinationException>(() => transaction.WriteAsync([SharedBench.Part(0, SharedBench.Row(1, 1), SharedBench.Row(2, 1))], default))).Fault.ShouldBe(DestinationFault.Record);
        await transaction.WriteAsync([SharedBench.Part(0, SharedBench.Row(1, 1))], default);
        await transaction.CommitAsync([], default);
        (await bench.SqlAsync("SELECT count(*) FROM t")).ShouldBe("1");
    }

    private static async Task BlockedAsync(SharedBench bench)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await bench.SqlAsync("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()") != "1") patience.Token.ThrowIfCancellationRequested();
    }
}
