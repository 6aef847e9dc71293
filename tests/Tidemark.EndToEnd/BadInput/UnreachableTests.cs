using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>A source that can't be reached, or that will not have us.</summary>
public sealed class UnreachableTests : IDisposable
{
    private const string Simple = "request: { path: /items }\nprimary_key: id";
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Missing_variable_names_its_place_and_starts_nothing()
    {
        _scene.Rest("${NO_SUCH_ADDRESS}", Simple);
        var outcome = (await _scene.RunAsync()).Exits(2);
        Outcome.Says(outcome.Error, "tidemark.yaml:6:", "NO_SUCH_ADDRESS", ".env");
        Directory.Exists(_scene[".tidemark"]).ShouldBeFalse();
        File.Exists(_scene.Database).ShouldBeFalse();

        await using var server = await ScriptedServer.StartAsync(Reply.Json("""[{"id":1}]"""));
        _scene.File(".env", $"NO_SUCH_ADDRESS={server.Url}\n");
        (await _scene.RunAsync()).Exits(0);
        _scene.Rows("select id from items").ShouldBe("1");
    }

    [Fact]
    public async Task Refused_connection_says_host_port_and_what_to_check()
    {
        _scene.Rest("http://127.0.0.1:9", Simple);
        var outcome = (await _scene.RunAsync()).Exits(3);
        Outcome.Says(outcome.StreamError(), "127.0.0.1:9", "refused the connection", "check host and port", "4 attempts");
        outcome.Count("requests").ShouldBe(4);
        outcome.Count("retries").ShouldBe(3);
        _scene.HasNoTable().ShouldBeTrue();
    }

    [Fact]
    public async Task Unknown_host_says_so()
    {
        _scene.Rest("http://no-such-host.invalid", Simple);
        var outcome = (await _scene.RunAsync()).Exits(3);
        Outcome.Says(outcome.StreamError(), "no-such-host.invalid", "not known", "check the source's url");
    }

    [Fact]
    public async Task Refused_key_401_names_the_authenticator_and_hides_the_key()
    {
        await using var server = await ScriptedServer.StartAsync(seen =>
            seen.Header("Authorization") == "Bearer right-token-1" ? Reply.Json("""[{"id":1}]""") : Reply.Of(401, """{"message":"bad token wrong-token-1"}"""));
        _scene.Environment["KEY"] = "wrong-token-1";
        _scene.Rest(server.Url, Simple, "authenticator: { type: bearer, token: \"${KEY}\" }");
        var outcome = (await _scene.RunAsync()).Exits(3);
        Outcome.Says(outcome.StreamError(), "401", "bearer", "check that it is right and not expired");
        (outcome.Output + outcome.Error).ShouldNotContain("wrong-token-1");
        server.Requests.Count.ShouldBe(1);

        _scene.Environment["KEY"] = "right-token-1";
        (await _scene.RunAsync()).Exits(0);
        _scene.RowCount().ShouldBe(1);
    }

    [Fact]
    public async Task Refusal_401_without_authenticator_says_to_give_one()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(401));
        _scene.Rest(server.Url, Simple);
        Outcome.Says((await _scene.RunAsync()).Exits(3).StreamError(), "401", "no authenticator is set for the source");
    }

    [Fact]
    public async Task Missing_page_404_names_the_path_and_leaves_the_table_alone()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""[{"id":1,"a":"x"}]"""), Reply.Of(404, """{"message":"no route"}"""), Reply.Json("""[{"id":1,"a":"y"}]"""));
        _scene.Rest(server.Url, Simple);
        (await _scene.RunAsync()).Exits(0);
        var outcome = (await _scene.RunAsync()).Exits(3);
        Outcome.Says(outcome.StreamError(), "404", "'/items'", "check the source's url and the request's path", "no route");
        _scene.Rows("select id, a from items").ShouldBe("1 x");
        (await _scene.RunAsync()).Exits(0);
        _scene.Rows("select id, a from items").ShouldBe("1 y");
    }

    [Fact]
    public async Task Three_errors_500_then_an_answer_is_a_success()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(500), Reply.Of(502), Reply.Of(503), Reply.Json("""[{"id":1}]"""));
        _scene.Rest(server.Url, Simple);
        var outcome = (await _scene.RunAsync()).Exits(0);
        outcome.Count("requests").ShouldBe(4);
        outcome.Count("retries").ShouldBe(3);
        _scene.RowCount().ShouldBe(1);
    }

    [Fact]
    public async Task Errors_500_to_the_end_keep_what_was_read_and_the_next_run_goes_on()
    {
        const string first = """{"data":[{"id":1},{"id":2}],"next":"b"}""";
        await using var server = await ScriptedServer.StartAsync(seen => seen.Query("cursor") is null ? Reply.Json(first) : Reply.Of(500, "oops"));
        _scene.Rest(server.Url, "request: { path: /items }\nrecords: data\nprimary_key: id\npaginator: { type: cursor, cursor_path: next }");
        var outcome = (await _scene.RunAsync()).Exits(3);
        Outcome.Says(outcome.StreamError(), "500", "4 attempts", "oops", "the server has a problem; try again later");
        _scene.Rows("select id from items").ShouldBe("1|2");

        server.Answer = seen => seen.Query("cursor") == "b" ? Reply.Json("""{"data":[{"id":3}],"next":null}""") : Reply.Of(400, "from the start again");
        (await _scene.RunAsync()).Exits(0).Count("read").ShouldBe(1);
        _scene.Rows("select id from items").ShouldBe("1|2|3");
    }

    [Fact]
    public async Task Slow_server_is_given_up_at_the_timeout()
    {
        var never = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(_ => new Reply { Hold = never.Task });
        _scene.Rest(server.Url, Simple, "timeout: 200ms");
        Outcome.Says((await _scene.RunAsync()).Exits(3).StreamError(), "no whole answer within 200ms", "longer timeout");
        never.SetResult();
    }
}
