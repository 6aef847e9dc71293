using System.Globalization;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.PostgreSql;

/// <summary>Servers that go away, disks that fill up, processes that meet or stand still.</summary>
public sealed class DisturbedTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string Paged = "request: { path: /items }\nrecords: data\nprimary_key: id\nbatch: { count: 1 }\npaginator: { type: cursor, cursor_path: next }";

    [Fact]
    [Trait("guarantee", "G57")]
    public async Task Server_that_is_stopped_in_the_middle_and_started_10_seconds_later_is_waited_for()
    {
        using var scene = await FileAsync(8000, batch: 20);
        using var tool = scene.Scene.Start("run", "--json");
        (await scene.ReachesAsync(tool, 5)).ShouldBeTrue();
        await server.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System);
        tool.HasExited.ShouldBeFalse();
        await server.StartAsync();
        new Outcome(await tool.EndAsync()).Exits(0).Count("inserted").ShouldBe(8000);
        (await scene.SqlAsync("SELECT count(*), count(DISTINCT id) FROM items")).ShouldBe("8000|8000");
    }

    [Fact]
    public async Task Ledger_that_somebody_has_locked_is_waited_for()
    {
        using var scene = await PostgreSqlScene.CreateAsync(server);
        await using var source = await ScriptedServer.StartAsync(Reply.Json("""{"data":[{"id":1}],"next":null}"""));
        scene.Scene.Configure(source.Url, "  items: { request: { path: /items }, records: data, primary_key: id }", "quota: api", "quotas: { api: { rates: [{ limit: 100, interval: 1s }] } }");
        (await scene.Scene.RunAsync()).Exits(0);
        var locker = scene.SqlAsync("BEGIN; LOCK TABLE tidemark.quota_ledger IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)");
        while (await scene.CountAsync("SELECT count(*) FROM pg_locks WHERE relation = 'tidemark.quota_ledger'::regclass AND granted") == 0) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        using var tool = scene.Scene.Start("run", "--json");
        while (!tool.HasExited && await scene.CountAsync("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        (tool.HasExited, source.Requests.Count).ShouldBe((false, 1));

        await scene.SqlAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK TABLE%'");
        await Should.ThrowAsync<InvalidOperationException>(() => locker);
        new Outcome(await tool.EndAsync()).Exits(0).Count("unchanged").ShouldBe(1);
        source.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Second_process_waits_for_the_first_and_both_end_right()
    {
        var (asked, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var scene = await PostgreSqlScene.CreateAsync(server);
        await using var source = await ScriptedServer.StartAsync(seen => Page(seen, asked, held));
        scene.Scene.Rest(source.Url, Paged);
        using var first = scene.Scene.Start("run", "--json");
        await asked.Task;
        var calls = source.Requests.Count;
        using var second = scene.Scene.Start("run", "--json");
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        second.HasExited.ShouldBeFalse();
        source.Requests.Count.ShouldBe(calls);
        held.SetResult();
        new Outcome(await first.EndAsync()).Exits(0).Count("inserted").ShouldBe(2);
        new Outcome(await second.EndAsync()).Exits(0).Count("unchanged").ShouldBe(2);
        (await scene.SqlAsync("SELECT id FROM items ORDER BY id")).ShouldBe("1\n2");
    }

    [Fact]
    [Trait("guarantee", "G58")]
    public async Task Process_that_stood_still_longer_than_its_lease_is_fenced_off_and_writes_nothing_twice()
    {
        var (asked, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var scene = await PostgreSqlScene.CreateAsync(server);
        await using var source = await ScriptedServer.StartAsync(seen => Page(seen, asked, held));
        scene.Scene.Rest(source.Url, Paged.Replace("primary_key: id\n", "write_disposition: append\n", StringComparison.Ordinal));
        using var stopped = scene.Scene.Start("run", "--json");
        await asked.Task;
        (await scene.ReachesAsync(stopped, 1)).ShouldBeTrue();
        await stopped.SignalAsync("STOP");
        held.SetResult();
        // The lease ends by the database's clock: this run waits for that.
        new Outcome(await Tool.RunAsync(scene.Scene.Path, scene.Scene.Environment, "run", "--json")).Exits(0);
        await stopped.SignalAsync("CONT");
        var outcome = new Outcome(await stopped.EndAsync()).Exits(4);
        Outcome.Says(outcome.StreamError(), "taken over by");
        (await scene.SqlAsync("SELECT id FROM items ORDER BY id")).ShouldBe("1\n2");
    }

    [Fact]
    [Trait("guarantee", "G84")]
    public async Task Table_that_is_dropped_in_the_middle_ends_the_stream_and_all_rows_come_back_after_a_reset()
    {
        var (asked, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var scene = await PostgreSqlScene.CreateAsync(server);
        await using var source = await ScriptedServer.StartAsync(seen => Page(seen, asked, held));
        scene.Scene.Rest(source.Url, Paged);
        using var tool = scene.Scene.Start("run", "--json");
        await asked.Task;
        (await scene.ReachesAsync(tool, 1)).ShouldBeTrue();
        await scene.SqlAsync("DROP TABLE items");
        held.SetResult();
        var outcome = new Outcome(await tool.EndAsync()).Exits(4);
        Outcome.Says(outcome.StreamError(), "dropped or renamed the table 'public.items'", "tidemark reset items, then tidemark run items");
        (await scene.BatchesAsync()).ShouldBe(1);
        (await scene.Scene.ToolAsync("reset", "items", "--yes")).Exits(0);
        new Outcome(await Tool.RunAsync(scene.Scene.Path, scene.Scene.Environment, "run", "--json")).Exits(0);
        (await scene.SqlAsync("SELECT id FROM items ORDER BY id")).ShouldBe("1\n2");
    }

    [MountFact]
    public async Task Full_disk_stops_the_stream_and_the_next_run_goes_on_once_there_is_room()
    {
        using var small = new TempDirectory();
        await Programs.RunAsMyselfAsync("chmod", "755", small.Path);
        await Programs.RunAsMyselfAsync("mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs", small.Path);
        try
        {
            await Programs.GiveAsync(small.Path);
            using var scene = await FileAsync(4000, batch: 100, text: new string('x', 6000));
            await server.SqlAsync("postgres", $"CREATE TABLESPACE small LOCATION '{small.Path}'");
            // Text that does not shrink, in a table that lies on the small disk.
            await scene.SqlAsync("CREATE TABLE items(id bigint PRIMARY KEY, v text) TABLESPACE small; ALTER TABLE items ALTER COLUMN v SET STORAGE EXTERNAL");
            var outcome = (await scene.Scene.RunAsync()).Exits(4);
            Outcome.Says(outcome.StreamError(), "No space left on device");
            outcome.Count("failed").ShouldBe(0);
            var written = await scene.CountAsync("SELECT count(*) FROM items");
            (written % 100, written).ShouldBe((0, outcome.Count("inserted")));

            await Programs.RunAsMyselfAsync("mount", "-o", "remount,size=200m", small.Path);
            (await scene.Scene.RunAsync()).Exits(0);
            (await scene.SqlAsync("SELECT count(*), count(DISTINCT id) FROM items")).ShouldBe("4000|4000");
            await scene.SqlAsync("DROP TABLE items");
        }
        finally
        {
            await server.SqlAsync("postgres", "DROP TABLESPACE IF EXISTS small");
            await Programs.RunAsMyselfAsync("umount", small.Path);
        }
    }

    private async Task<PostgreSqlScene> FileAsync(int count, int batch, string text = "x") => (await PostgreSqlScene.CreateAsync(server)).File(
        Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{i}},"v":"{{text}}"}""")), $$"""  items: { source: files, primary_key: id, batch: { count: {{batch}} } }""");

    private static Reply Page(Seen seen, TaskCompletionSource asked, TaskCompletionSource held)
    {
        if (seen.Query("cursor") is null) return Reply.Json("""{"data":[{"id":1}],"next":"b"}""");
        asked.TrySetResult();
        return Reply.Json("""{"data":[{"id":2}],"next":null}""") with { Hold = held.Task };
    }
}
