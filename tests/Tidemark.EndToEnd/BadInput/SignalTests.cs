using System.Globalization;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>Ctrl-C and SIGTERM in the middle of a run.</summary>
public sealed class SignalTests : IDisposable
{
    private const int Pages = 5;
    private const string Stream = "request: { path: /items }\nrecords: data\nprimary_key: id\npaginator: { type: cursor, cursor_path: next }";
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Signal_commits_what_was_read_exits_130_and_the_next_run_goes_on(string signal)
    {
        var (asked, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ScriptedServer.StartAsync(seen => Page(seen, 3, asked, held));
        _scene.Rest(server.Url, Stream);
        using var tool = _scene.Start("run", "--json");
        await asked.Task;
        await tool.SignalAsync(signal);
        var outcome = new Outcome(await tool.EndAsync()).Exits(130);
        Outcome.Says(outcome.Error, "stopping: what was read is being committed");
        outcome.Status().ShouldBe("interrupted");
        outcome.Report.GetProperty("status").GetString().ShouldBe("interrupted");
        outcome.Count("inserted").ShouldBe(4);
        _scene.Rows("select id from items order by id").ShouldBe("10|11|20|21");
        held.SetResult();

        var before = server.Requests.Count;
        (await _scene.RunAsync()).Exits(0).Count("read").ShouldBe(6);
        (server.Requests.Count - before).ShouldBe(3);
        _scene.RowCount().ShouldBe(2 * Pages);
    }

    [Fact]
    public async Task Signal_for_people_says_that_it_is_safe()
    {
        var (asked, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ScriptedServer.StartAsync(seen => Page(seen, 2, asked, held));
        _scene.Rest(server.Url, Stream);
        using var tool = _scene.Start("run");
        await asked.Task;
        await tool.SignalAsync("INT");
        var outcome = new Outcome(await tool.EndAsync()).Exits(130);
        Outcome.Says(outcome.Output, "interrupted: what was read is committed; run again and it goes on");
        held.SetResult();
    }

    [Fact]
    public async Task Signal_in_the_wait_for_a_retry_ends_the_wait()
    {
        var asked = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(seen =>
        {
            if (seen.Query("cursor") is null) return Page(seen, 0, asked, asked);
            asked.TrySetResult();
            return Reply.Of(429, "{}", ("Retry-After", "120"));
        });
        _scene.Rest(server.Url, Stream);
        using var tool = _scene.Start("run", "--json");
        await asked.Task;
        await tool.SignalAsync("TERM");
        new Outcome(await tool.EndAsync()).Exits(130).Count("inserted").ShouldBe(2);
    }

    [Fact]
    public async Task Second_signal_leaves_at_once_and_nothing_committed_is_lost()
    {
        var (asked, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ScriptedServer.StartAsync(seen => Page(seen, 3, asked, held));
        _scene.Rest(server.Url, Stream + "\nbatch: { count: 2 }");
        using var tool = _scene.Start("run", "--json");
        await asked.Task;
        // The tool can't commit now, nor give its lease back.
        using (var blocker = Database.Lock(_scene.Database))
        {
            await tool.SignalAsync("INT");
            await tool.SaysAsync("stopping");
            var started = TimeProvider.System.GetTimestamp();
            await tool.SignalAsync("INT");
            (await tool.EndAsync()).ExitCode.ShouldBe(130);
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(4));
        }
        held.SetResult();
        (await _scene.RunAsync()).Exits(0);
        _scene.RowCount().ShouldBe(2 * Pages);
    }

    [Fact]
    public async Task Check_that_is_interrupted_exits_130()
    {
        var (asked, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ScriptedServer.StartAsync(seen => Page(seen, 1, asked, held));
        _scene.Rest(server.Url, Stream);
        using var tool = _scene.Start("check");
        await asked.Task;
        await tool.SignalAsync("INT");
        (await tool.EndAsync()).ExitCode.ShouldBe(130);
        held.SetResult();
    }

    private static Reply Page(Seen seen, int holding, TaskCompletionSource asked, TaskCompletionSource held)
    {
        var page = seen.Query("cursor") is { } cursor ? int.Parse(cursor, CultureInfo.InvariantCulture) : 1;
        var next = page < Pages ? string.Create(CultureInfo.InvariantCulture, $"\"{page + 1}\"") : "null";
        var reply = Reply.Json($$"""{"data":[{"id":{{page}}0},{"id":{{page}}1}],"next":{{next}}}""");
        if (page != holding) return reply;
        asked.TrySetResult();
        return reply with { Hold = held.Task };
    }
}
