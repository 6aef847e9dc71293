using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.TestDestination;

namespace Tidemark.PostgreSql.Tests.Writing;

[Collection(PostgreSqlCollection.Name)]
public sealed class LostConnectionTests(PostgresServer server) : IAsyncLifetime
{
    private const string One = """{"id":1}""", Two = """{"id":2}""";

    private TestDestination _db = null!;

    public async Task InitializeAsync() => _db = await CreateAsync(server);

    public async Task DisposeAsync() => await _db.DisposeAsync();

    [Fact]
    public async Task Writer_goes_on_over_a_new_connection_with_the_same_lease()
    {
        await using var writer = await _db.OpenAsync(Target());
        await WriteAsync(writer, Target(), One);
        await _db.CutAsync();
        await ShouldBeLostAsync(() => writer.BeginAsync(default));
        (await WriteAsync(writer, Target(), Two)).Inserted.ShouldBe(1);
        await _db.CutAsync();
        await ShouldBeLostAsync(() => writer.RenewAsync(default));
        await writer.RenewAsync(default);
        await _db.CutAsync();
        await ShouldBeLostAsync(() => writer.PeekAsync("q", 0, 1, default));
        (await writer.PeekAsync("q", 0, 1, default)).ShouldBeEmpty();
        (await _db.SqlAsync("SELECT epoch, (SELECT count(*) FROM t) FROM _tidemark_checkpoints")).ShouldBe("1|2");
    }

    [Fact]
    public async Task Connection_cut_in_a_batch_leaves_nothing_and_the_batch_can_be_written_again()
    {
        await using var writer = await _db.OpenAsync(Target());
        await using (var transaction = await writer.BeginAsync(default))
        {
            using var batch = Batch(Target(), One);
            await transaction.WriteAsync(batch, 0, 1, default);
            await _db.CutAsync();
            await ShouldBeLostAsync(() => transaction.WriteAsync(batch, 0, 1, default));
            await ShouldBeLostAsync(() => transaction.CommitAsync(new Checkpoint { BatchNumber = 1 }, default));
        }
        (await writer.ReadBatchNumberAsync(default)).ShouldBe(0);
        (await WriteAsync(writer, Target(), One)).Inserted.ShouldBe(1);
        writer.SchemaChanges.ShouldHaveSingleItem().Kind.ShouldBe(SchemaChangeKind.TableCreated);
    }

    [Fact]
    public async Task Connection_cut_before_commit_commits_nothing()
    {
        await using var writer = await _db.OpenAsync(Target());
        await using (var transaction = await writer.BeginAsync(default))
        {
            using var batch = Batch(Target(), One);
            await transaction.WriteAsync(batch, 0, 1, default);
            await _db.CutAsync();
            await ShouldBeLostAsync(() => transaction.CommitAsync(new Checkpoint { BatchNumber = 1 }, default));
        }
        (await writer.ReadBatchNumberAsync(default)).ShouldBe(0);
        (await _db.SqlAsync("SELECT to_regclass('t') IS NULL")).ShouldBe("t");
    }

    // A deferred trigger holds COMMIT up until it is told to go on, or is cut.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Batch_number_waits_for_a_commit_that_is_still_going_through(bool cut)
    {
        await _db.SqlAsync(
            """
            CREATE TABLE t(id bigint PRIMARY KEY);
            CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NULL; END $$;
            CREATE TABLE log(id bigint);
            CREATE CONSTRAINT TRIGGER later AFTER INSERT ON log DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold();
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES(NEW.id); RETURN NEW; END $$;
            CREATE TRIGGER noted BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION note();
            """);
        await using var gate = await _db.SessionAsync();
        await gate.ExecuteAsync("SELECT pg_advisory_lock(42)", default);
        await using var writer = await _db.OpenAsync(Target());
        var transaction = await writer.BeginAsync(default);
        using var batch = Batch(Target(), One);
        await transaction.WriteAsync(batch, 0, 1, default);
        var commit = transaction.CommitAsync(new Checkpoint { BatchNumber = 1 }, default);
        await UntilAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", "1");
        var number = writer.ReadBatchNumberAsync(default);
        await UntilAsync("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%batch_no%FOR UPDATE' AND pid <> pg_backend_pid()", "1");
        number.IsCompleted.ShouldBeFalse();
        if (cut) await _db.SqlAsync("SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
        else await gate.ExecuteAsync("SELECT pg_advisory_unlock(42)", default);
        if (cut) await ShouldBeLostAsync(() => commit);
        else await commit;
        await transaction.DisposeAsync();
        (await number).ShouldBe(cut ? 0 : 1);
        (await _db.SqlAsync("SELECT count(*) FROM t")).ShouldBe(cut ? "0" : "1");
    }

    [Fact]
    public async Task Connection_cut_after_commit_has_the_batch()
    {
        await using var writer = await _db.OpenAsync(Target());
        await WriteAsync(writer, Target(), One);
        await _db.CutAsync();
        (await writer.ReadBatchNumberAsync(default)).ShouldBe(1);
        await ShouldBeLostAsync(() => writer.BeginAsync(default));
        (await WriteAsync(writer, Target(), One)).Unchanged.ShouldBe(1);
    }

    [Fact]
    public async Task Writer_that_was_cut_off_is_fenced_once_another_has_taken_over()
    {
        await using var writer = await _db.OpenAsync(Target());
        var transaction = await writer.BeginAsync(default);
        using var batch = Batch(Target(), One);
        await transaction.WriteAsync(batch, 0, 1, default);
        await _db.CutAsync();
        await _db.SqlAsync("UPDATE _tidemark_checkpoints SET expires_at = now()");
        await using var successor = await _db.OpenAsync(Target());
        await ShouldBeLostAsync(() => transaction.CommitAsync(new Checkpoint { BatchNumber = 1 }, default));
        await transaction.DisposeAsync();
        (await Should.ThrowAsync<DestinationException>(() => writer.BeginAsync(default))).Fault.ShouldBe(DestinationFault.LeaseLost);
        (await WriteAsync(successor, Target(), One)).Inserted.ShouldBe(1);
    }

    private async Task UntilAsync(string sql, string expected)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await _db.SqlAsync(sql) != expected) patience.Token.ThrowIfCancellationRequested();
    }

    private static async Task ShouldBeLostAsync(Func<Task> call)
    {
        var e = await Should.ThrowAsync<DestinationException>(call);
        (e.Fault, e.IsUnreachable).ShouldBe((DestinationFault.Temporary, true), e.Message);
    }
}
