using Tidemark.Configuration;
using Tidemark.EndToEnd.Support;
using Tidemark.Http;
using Tidemark.Runs;
using Tidemark.Sqlite;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>Two at once on the same stream.</summary>
public sealed class ConcurrencyTests : IDisposable
{
    private const string Stream = "request: { path: /items }\nrecords: data\nprimary_key: id\npaginator: { type: cursor, cursor_path: next }";
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Second_process_waits_for_the_first_and_both_end_right()
    {
        var (asked, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ScriptedServer.StartAsync(seen => Page(seen, asked, held));
        _scene.Rest(server.Url, Stream);
        using var first = _scene.Start("run", "--json");
        await asked.Task;
        var calls = server.Requests.Count;
        using var second = _scene.Start("run", "--json");
        // It says whom it waits for, and does not call the source.
        await second.SaysAsync($"items: being written by {Environment.MachineName} pid {first.Id} since ");
        second.HasExited.ShouldBeFalse();
        server.Requests.Count.ShouldBe(calls);
        held.SetResult();
        new Outcome(await first.EndAsync()).Exits(0).Count("inserted").ShouldBe(2);
        new Outcome(await second.EndAsync()).Exits(0).Count("unchanged").ShouldBe(2);
        _scene.Rows("select id from items order by id").ShouldBe("1|2");
    }

    [Fact]
    public async Task Second_run_gives_up_when_the_first_holds_on_and_names_it()
    {
        var (asked, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ScriptedServer.StartAsync(seen => Page(seen, asked, held));
        _scene.Rest(server.Url, Stream);
        using var first = _scene.Start("run", "--json");
        await asked.Task;

        var registry = new ConnectorRegistry { Sources = [.. HttpConnectors.All], Destinations = SqliteConnectors.All };
        var pipeline = ConfigurationReader.Read(_scene["tidemark.yaml"], registry, new Dictionary<string, string>(StringComparer.Ordinal));
        var report = await new PipelineRun(pipeline, new RunOptions { LeaseWait = TimeSpan.FromSeconds(1) }, store: null).RunAsync(CancellationToken.None);
        var stream = report.Streams.ShouldHaveSingleItem();
        stream.Status.ShouldBe(RunStatus.Failed);
        stream.FailedSide.ShouldBe(FailedSide.Destination);
        Outcome.Says(stream.Error!, $"pid {first.Id}", Environment.MachineName, "is being written by", "waited 1s");

        held.SetResult();
        new Outcome(await first.EndAsync()).Exits(0);
        _scene.RowCount().ShouldBe(2);
    }

    [Fact]
    public async Task Killed_holder_is_not_waited_for()
    {
        var (asked, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ScriptedServer.StartAsync(seen => Page(seen, asked, held));
        _scene.Rest(server.Url, Stream);
        using (var first = _scene.Start("run", "--json"))
        {
            await asked.Task;
            await first.KillAsync();
        }
        held.SetResult();
        (await _scene.RunAsync()).Exits(0).Report.GetProperty("duration_ms").GetInt64().ShouldBeLessThan(8000);
        _scene.RowCount().ShouldBe(2);
    }

    [Fact]
    public async Task Database_locked_for_a_moment_is_waited_for()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""[{"id":1}]"""));
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id");
        (await _scene.RunAsync()).Exits(0);
        Task<Outcome> run;
        using (Database.Lock(_scene.Database))
        {
            run = _scene.RunAsync();
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
            run.IsCompleted.ShouldBeFalse();
        }
        (await run).Exits(0);
    }

    private static Reply Page(Seen seen, TaskCompletionSource asked, TaskCompletionSource held)
    {
        if (seen.Query("cursor") is null) return Reply.Json("""{"data":[{"id":1}],"next":"b"}""");
        asked.TrySetResult();
        return Reply.Json("""{"data":[{"id":2}],"next":null}""") with { Hold = held.Task };
    }
}
