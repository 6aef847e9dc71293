using System.Diagnostics;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using static Tidemark.Sqlite.Tests.TestDatabase;

namespace Tidemark.Sqlite.Tests.Leases;

public sealed class LeaseTests : IDisposable
{
    private readonly TestDatabase _db = new();

    public void Dispose() => _db.Dispose();

    [Fact]
    public async Task Second_writer_is_told_who_holds_the_stream()
    {
        await using var writer = await _db.OpenAsync(Target());
        var e = await Should.ThrowAsync<LeaseHeldException>(() => _db.OpenAsync(Target()));
        e.Holder.ShouldStartWith($"{Environment.MachineName} pid {Environment.ProcessId} since 2");
        e.Holder.ShouldNotContain("[");
        e.ExpiresAt.ShouldBeInRange(TimeProvider.System.GetUtcNow().AddSeconds(5), TimeProvider.System.GetUtcNow().AddSeconds(16));
        await using var other = await _db.OpenAsync(Target("u") with { Stream = "other" });
    }

    [Fact]
    public async Task Disposed_writer_gives_the_stream_back()
    {
        await (await _db.OpenAsync(Target())).DisposeAsync();
        await using var writer = await _db.OpenAsync(Target());
        _db.Scalar("SELECT epoch FROM _tidemark_checkpoints").ShouldBe(2L);
    }

    [Fact]
    public async Task Stopped_holder_is_fenced_off_once_another_has_taken_over()
    {
        var target = Target();
        await using var stopped = await _db.OpenAsync(target);
        await WriteAsync(stopped, target, """{"id":1}""");
        _db.Execute("UPDATE _tidemark_checkpoints SET expires_at = unixepoch() - 1");
        var successor = await _db.OpenAsync(target);
        (await Should.ThrowAsync<DestinationException>(() => stopped.BeginAsync(default))).Fault.ShouldBe(DestinationFault.LeaseLost);
        (await Should.ThrowAsync<DestinationException>(() => stopped.RenewAsync(default))).Fault.ShouldBe(DestinationFault.LeaseLost);
        await stopped.DisposeAsync();
        await Should.ThrowAsync<LeaseHeldException>(() => _db.OpenAsync(target));
        (await WriteAsync(successor, target, """{"id":2}""")).Inserted.ShouldBe(1);
        await successor.DisposeAsync();
    }

    [Fact]
    public async Task Expired_lease_that_nobody_took_is_renewed_by_its_holder()
    {
        await using var writer = await _db.OpenAsync(Target());
        _db.Execute("UPDATE _tidemark_checkpoints SET expires_at = 1");
        await writer.RenewAsync(default);
        await Should.ThrowAsync<LeaseHeldException>(() => _db.OpenAsync(Target()));
        await using var transaction = await writer.BeginAsync(default);
        await writer.RenewAsync(default);
        await transaction.CommitAsync(Checkpoint.None, default);
    }

    [Fact]
    public async Task Holder_that_is_dead_is_replaced_at_once()
    {
        using var process = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true, UseShellExecute = false })!;
        var owner = LeaseOwner.Of(process.Id, TimeProvider.System);
        await (await _db.OpenAsync(Target())).DisposeAsync();
        Hold(owner);
        LeaseOwner.IsDead(owner).ShouldBeFalse();
        await Should.ThrowAsync<LeaseHeldException>(() => _db.OpenAsync(Target()));
        process.Kill();
        await process.WaitForExitAsync();
        LeaseOwner.IsDead(owner).ShouldBeTrue();
        await using var writer = await _db.OpenAsync(Target());
    }

    [Theory]
    [InlineData("another machine", "elsewhere", null)]
    [InlineData("another start of the machine", null, "boot")]
    public async Task Holder_that_can_not_be_seen_from_here_is_waited_for(string because, string? host, string? boot)
    {
        var owner = LeaseOwner.Of(int.MaxValue - 1, TimeProvider.System);
        LeaseOwner.IsDead(owner.Replace(" -]", " 1]", StringComparison.Ordinal)).ShouldBeTrue();
        owner = owner.Replace(" -]", " 1]", StringComparison.Ordinal);
        if (host is not null) owner = owner.Replace(Environment.MachineName, host, StringComparison.Ordinal);
        if (boot is not null) owner = owner.Replace("[", "[x", StringComparison.Ordinal);
        await (await _db.OpenAsync(Target())).DisposeAsync();
        Hold(owner);
        (await Should.ThrowAsync<LeaseHeldException>(() => _db.OpenAsync(Target()))).ShouldNotBeNull(because);
    }

    [Fact]
    public async Task Process_id_that_another_process_has_now_is_no_holder()
    {
        var owner = LeaseOwner.Current(TimeProvider.System);
        LeaseOwner.IsDead(owner).ShouldBeFalse();
        LeaseOwner.IsDead(owner[..(owner.LastIndexOf(' ') + 1)] + "1]").ShouldBeTrue();
        LeaseOwner.IsDead("somebody").ShouldBeFalse();
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Writers_that_start_together_one_takes_the_stream()
    {
        using var barrier = new Barrier(6);
        var starts = Enumerable.Range(0, 6).Select(_ => Task.Factory.StartNew(() =>
        {
            barrier.SignalAndWait();
            try
            {
                return (object)_db.OpenAsync(Target()).GetAwaiter().GetResult();
            }
            catch (LeaseHeldException e)
            {
                return e;
            }
        }, default, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        var results = await Task.WhenAll(starts);
        results.OfType<LeaseHeldException>().Count().ShouldBe(5);
        await ((IStreamWriter)results.Single(r => r is IStreamWriter)).DisposeAsync();
    }

    private void Hold(string owner)
    {
        using var connection = _db.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE _tidemark_checkpoints SET owner = $owner, expires_at = unixepoch() + 100";
        command.Parameters.AddWithValue("$owner", owner);
        command.ExecuteNonQuery().ShouldBe(1);
    }
}
