using System.Diagnostics;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.TestDestination;

namespace Tidemark.PostgreSql.Tests.Leases;

[Collection(PostgreSqlCollection.Name)]
public sealed class LeaseTests(PostgresServer server) : IAsyncLifetime
{
    private TestDestination _db = null!;

    public async Task InitializeAsync() => _db = await CreateAsync(server);

    public async Task DisposeAsync() => await _db.DisposeAsync();

    [Fact]
    public async Task Each_holder_has_an_epoch_of_its_own()
    {
        await (await _db.OpenAsync(Target())).DisposeAsync();
        await using var writer = await _db.OpenAsync(Target());
        (await _db.SqlAsync("SELECT epoch FROM _tidemark_checkpoints")).ShouldBe("2");
    }

    [Fact]
    public async Task Transaction_that_outlasts_the_lease_is_not_disturbed()
    {
        await using var writer = await _db.OpenAsync(Target());
        await ExpireAsync();
        await using (var transaction = await writer.BeginAsync(default))
        {
            // Committed is only that it has expired.
            (await _db.SqlAsync("SELECT expires_at < now() FROM _tidemark_checkpoints")).ShouldBe("t");
            (await Should.ThrowAsync<LeaseHeldException>(() => _db.OpenAsync(Target()))).Holder.ShouldStartWith(Environment.MachineName);
            await transaction.CommitAsync(new Checkpoint { BatchNumber = 1 }, default);
        }
        await Should.ThrowAsync<LeaseHeldException>(() => _db.OpenAsync(Target()));
    }

    [Fact]
    public async Task Holder_that_stands_still_in_a_transaction_is_cut_off_by_the_server()
    {
        const string Settings = "SELECT current_setting('idle_in_transaction_session_timeout') || ' ' || current_setting('tcp_keepalives_idle')";
        await using var writer = (Tidemark.PostgreSql.Writing.PgStreamWriter)await _db.OpenAsync(Target());
        var usual = await writer.Session.ScalarAsync(Settings, default);
        await using var transaction = await writer.BeginAsync(default);
        (await writer.Session.ScalarAsync(Settings, default)).ShouldBe("15s 10");
        // What is set is the transaction's, not the session's, which a pooler gives to others.
        await transaction.CommitAsync(Checkpoint.None, default);
        (await writer.Session.ScalarAsync(Settings, default)).ShouldBe(usual);
    }

    [Fact]
    public async Task Holder_that_is_dead_is_replaced_at_once()
    {
        using var process = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true, UseShellExecute = false })!;
        var owner = LeaseOwner.Of(process.Id, TimeProvider.System);
        await (await _db.OpenAsync(Target())).DisposeAsync();
        await _db.SqlAsync($"UPDATE _tidemark_checkpoints SET owner = {PgSql.Literal(owner)}, expires_at = now() + interval '1 h'");
        await Should.ThrowAsync<LeaseHeldException>(() => _db.OpenAsync(Target()));
        process.Kill();
        await process.WaitForExitAsync();
        await using var writer = await _db.OpenAsync(Target());
    }

    [Fact]
    public async Task Concurrent_starters_make_the_tables_once_and_one_of_them_gets_the_stream()
    {
        using var barrier = new Barrier(20);
        var destination = _db.Destination(schema: "new schema");
        var starts = Enumerable.Range(0, 20).Select(i => Task.Factory.StartNew(async () =>
        {
            barrier.SignalAndWait();
            try
            {
                return await destination.OpenAsync(Target() with { Stream = i < 10 ? "same" : $"own {i}" }, default);
            }
            catch (LeaseHeldException)
            {
                return null;
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()).ToList();
        var writers = await Task.WhenAll(starts);
        writers.Take(10).Count(w => w is not null).ShouldBe(1);
        writers.Skip(10).ShouldAllBe(w => w != null);
        foreach (var writer in writers.OfType<IStreamWriter>()) await writer.DisposeAsync();
        (await _db.SqlAsync("SELECT count(*), max(epoch) FROM \"new schema\"._tidemark_checkpoints")).ShouldBe("11|1");
    }

    private Task ExpireAsync() => _db.SqlAsync("UPDATE _tidemark_checkpoints SET expires_at = now() - interval '1 s'");
}
