using Tidemark.Destinations;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests.Sharing;

/// <summary>Connections that are lost at the worst moment.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class LostCommitTests(PostgresServer server)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Token_tells_what_became_of_a_commit_whose_answer_was_lost(bool reaches)
    {
        await using var bench = await SharedBench.OpenAsync(server, null, SharedBench.Target, SharedBench.Append);
        string token;
        await using (var transaction = await bench.Writer.BeginAsync(SharedLook.Nothing, default))
        {
            token = transaction.Token;
            await transaction.WriteAsync([SharedBench.Part(0, SharedBench.Row(1, 1)), SharedBench.Part(1, SharedBench.Row(1, 1))], default);
            if (reaches) bench.Wire.LoseAnswerTo("COMMIT");
            else bench.Wire.LoseBefore("COMMIT");
            var e = await Should.ThrowAsync<DestinationException>(() => transaction.CommitAsync([], default));
            (e.Fault, e.IsUnreachable).ShouldBe((DestinationFault.Temporary, true));
        }
        bench.Wire.Lost.ShouldBe(1);
        (await bench.Writer.WasCommittedAsync(token, default)).ShouldBe(reaches);
        (await bench.SqlAsync(reaches ? "SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM log)" : "SELECT to_regclass('t') IS NULL, to_regclass('log') IS NULL")).ShouldBe(reaches ? "1|1" : "t|t");
        // The writer goes on over a new connection.
        (await SharedBench.WriteAsync(bench.Writer, SharedBench.Part(0, SharedBench.Row(1, 1), SharedBench.Row(2, 2)))).ShouldBe(reaches ? "si" : "ii");
    }

    // A deferred trigger holds COMMIT up until it is told to go on, or is cut.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Token_waits_for_a_commit_that_is_still_going_through(bool cut)
    {
        await using var bench = await SharedBench.OpenAsync(
            server,
            """
            CREATE TABLE t(id bigint PRIMARY KEY, n bigint);
            CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NULL; END $$;
            CREATE TABLE log(id bigint);
            CREATE CONSTRAINT TRIGGER later AFTER INSERT ON log DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold();
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES(NEW.id); RETURN NEW; END $$;
            CREATE TRIGGER noted BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION note();
            """);
        await using var gate = await bench.SessionAsync();
        await gate.ExecuteAsync("SELECT pg_advisory_lock(42)", default);
        var transaction = await bench.Writer.BeginAsync(SharedLook.Nothing, default);
        await transaction.WriteAsync([SharedBench.Part(0, SharedBench.Row(1, 1))], default);
        var commit = transaction.CommitAsync([], default);
        await UntilAsync(bench, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", "1");
        var answer = bench.Writer.WasCommittedAsync(transaction.Token, default);
        await UntilAsync(bench, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%txid_status%' AND pid <> pg_backend_pid()", "1");
        answer.IsCompleted.ShouldBeFalse();
        if (cut) await bench.SqlAsync("SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
        else await gate.ExecuteAsync("SELECT pg_advisory_unlock(42)", default);
        (await answer).ShouldBe(!cut);
        if (cut) await Should.ThrowAsync<DestinationException>(() => commit);
        else await commit;
        await transaction.DisposeAsync();
        (await bench.SqlAsync("SELECT count(*) FROM t")).ShouldBe(cut ? "0" : "1");
    }

    private static async Task UntilAsync(SharedBench bench, string sql, string expected)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await bench.SqlAsync(sql) != expected) patience.Token.ThrowIfCancellationRequested();
    }
}
