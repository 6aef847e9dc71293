using Tidemark.Runs;
using Tidemark.Server.Tests.Support;

namespace Tidemark.Server.Tests.Operations;

public sealed class RunTests
{
    [Fact]
    public async Task Run_is_started_looked_at_and_listed()
    {
        await using var scene = await ServerScene.StartAsync();
        var started = await scene.SendAsync(HttpMethod.Post, "/v1/runs", "{\"streams\":[\"people\"],\"full\":true}");
        started.Status.ShouldBe(202);
        var path = started.Header("Location")!;
        path.ShouldBe($"/v1/runs/{started.Json.GetProperty("run_id").GetString()}");
        var run = await EndedAsync(scene, path);
        (run.Json.GetProperty("status").GetString(), run.Json.GetProperty("totals").GetProperty("inserted").GetInt64()).ShouldBe(("succeeded", 2));

        // From the store it is the same, warnings included.
        var stored = await scene.Store.FindRunAsync(ServerScene.Pipeline, started.Json.GetProperty("run_id").GetString()!, default);
        stored!.Streams.Single().Stream.ShouldBe("people");
        var list = await scene.GetAsync("/v1/runs");
        (list.Json.GetProperty("running").GetArrayLength(), list.Json.GetProperty("runs").GetArrayLength()).ShouldBe((0, 1));
        (await scene.GetAsync("/v1/runs/none")).Code.ShouldBe("unknown_run");
    }

    [Fact]
    public async Task Runs_are_listed_in_parts()
    {
        await using var scene = await ServerScene.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            scene.Time.Advance(TimeSpan.FromSeconds(1));
            var started = await scene.SendAsync(HttpMethod.Post, "/v1/runs");
            await EndedAsync(scene, started.Header("Location")!);
            ids.Insert(0, started.Json.GetProperty("run_id").GetString()!);
        }
        var found = new List<string>();
        for (var next = "/v1/runs?limit=2"; next is not null;)
        {
            var part = (await scene.GetAsync(next)).Json;
            found.AddRange(part.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("run_id").GetString()!));
            next = part.GetProperty("next").GetString();
        }
        found.ShouldBe(ids);
        (await scene.GetAsync("/v1/runs?limit=0")).Detail.ShouldBe("found limit=0, expected a whole number from 1 to 1000");
    }

    [Fact]
    public async Task Stream_that_is_being_run_is_not_run_twice()
    {
        // The run waits for a stream that somebody else writes, for as long as the clock stands still.
        await using var scene = await ServerScene.StartAsync();
        await using var holder = await scene.HoldAsync("people");
        var first = await scene.SendAsync(HttpMethod.Post, "/v1/runs");
        var second = await scene.SendAsync(HttpMethod.Post, "/v1/runs", "{\"streams\":\"people\"}");
        (second.Status, second.Code, second.Header("Location")).ShouldBe((409, "already_running", first.Header("Location")));
        var running = (await scene.GetAsync(first.Header("Location")!)).Json;
        running.GetProperty("status").GetString().ShouldBe("running");
        (await scene.GetAsync("/v1/status")).Json.GetProperty("running")[0].GetString().ShouldBe(running.GetProperty("run_id").GetString());

        // A server that stops tells its runs to stop, and they are kept.
        await scene.StopAsync();
        (await scene.Store.ListRunsAsync(ServerScene.Pipeline, 10, before: null, default)).Single().Status.ShouldBe(RunStatus.Interrupted);
    }

    [Theory]
    [InlineData("{\"streams\":[\"peple\"]}", "no stream is called 'peple'; did you mean 'people'?")]
    [InlineData("{\"stream\":[]}", "unknown member 'stream'; did you mean 'streams'?")]
    [InlineData("{\"streams\":[1]}", "found a list in 'streams', expected a list of texts")]
    [InlineData("{\"full\":\"yes\"}", "found a text in 'full', expected true or false")]
    [InlineData("{\"limit\":0}", "found a number in 'limit', expected a whole number, at least 1")]
    [InlineData("{\"since\":1}", "found a number in 'since', expected a text")]
    [InlineData("{\"full\":true,\"since\":\"1\"}", "full reads everything and since a part: give one of them")]
    [InlineData("[]", "found a list, expected an object with streams, full, limit, since")]
    [InlineData("{", "the body is not JSON: ")]
    public async Task What_is_asked_wrongly_is_told(string body, string detail)
    {
        await using var scene = await ServerScene.StartAsync();
        var answer = await scene.SendAsync(HttpMethod.Post, "/v1/runs", body);
        answer.Status.ShouldBe(400);
        answer.Detail.ShouldStartWith(detail);
    }

    [Fact]
    public async Task Body_of_another_type_or_size_is_refused()
    {
        await using var scene = await ServerScene.StartAsync();
        (await scene.SendAsync(HttpMethod.Post, "/v1/runs", "full=true", "application/x-www-form-urlencoded")).Status.ShouldBe(415);
        (await scene.SendAsync(HttpMethod.Post, "/v1/runs", new string(' ', 70_000))).Status.ShouldBe(413);
        (await scene.GetAsync("/v1/runs?befor=1")).Detail.ShouldBe("unknown parameter 'befor'; did you mean 'before'?");
    }

    private static async Task<Answer> EndedAsync(ServerScene scene, string path)
    {
        while (true)
        {
            var run = await scene.GetAsync(path);
            run.Status.ShouldBe(200);
            if (run.Json.GetProperty("status").GetString() != "running") return run;
            await Task.Yield();
        }
    }
}
