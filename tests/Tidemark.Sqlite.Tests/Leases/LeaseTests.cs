using System.Diagnostics;
using Tidemark.Destinations;
using static Tidemark.Sqlite.Tests.TestDatabase;

namespace Tidemark.Sqlite.Tests.Leases;

public sealed class LeaseTests : IDisposable
{
    private readonly TestDatabase _db = new();

    public void Dispose() => _db.Dispose();

    [Fact]
    public async Task Each_holder_has_an_epoch_of_its_own()
    {
        await (await _db.OpenAsync(Target())).DisposeAsync();
        await using var writer = await _db.OpenAsync(Target());
        _db.Scalar("SELECT epoch FROM _tidemark_checkpoints").ShouldBe(2L);
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

    private void Hold(string owner)
    {
        using var connection = _db.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE _tidemark_checkpoints SET owner = $owner, expires_at = unixepoch() + 100";
        command.Parameters.AddWithValue("$owner", owner);
        command.ExecuteNonQuery().ShouldBe(1);
    }
}
