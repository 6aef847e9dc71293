using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>Answers that are not what they should be.</summary>
public sealed class AnswerTests : IDisposable
{
    private const string Stream = "request: { path: /items }\nrecords: data\nprimary_key: id\npaginator: { type: cursor, cursor_path: next }";
    private static readonly Reply Last = Reply.Json("""{"data":[{"id":3}],"next":null}""");
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Truncated_body_is_asked_for_again()
    {
        await using var server = await StartAsync(Last with { CutAfter = 12 }, Last);
        _scene.Rest(server.Url, Stream);
        (await _scene.RunAsync()).Exits(0).Count("retries").ShouldBe(1);
        _scene.Rows("select id from items").ShouldBe("1|2|3");
    }

    [Fact]
    public async Task Truncated_body_to_the_end_keeps_the_pages_before()
    {
        await using var server = await StartAsync(Last with { CutAfter = 12 });
        _scene.Rest(server.Url, Stream);
        Outcome.Says((await _scene.RunAsync()).Exits(3).StreamError(), "failed: the", "4 attempts", "try again later");
        await GoesOnAsync(server);
    }

    [Fact]
    public async Task Body_that_ends_in_the_middle_of_json_is_no_page()
    {
        await using var server = await StartAsync(Reply.Json("""{"data":[{"id":3},{"id":"""));
        _scene.Rest(server.Url, Stream);
        Outcome.Says((await _scene.RunAsync()).Exits(3).StreamError(), "not whole JSON", "cut off");
        _scene.Rows("select id from items").ShouldBe("1|2");
        await GoesOnAsync(server);
    }

    [Fact]
    public async Task Html_instead_of_json_asks_whether_the_address_is_the_api()
    {
        await using var server = await StartAsync(new Reply { ContentType = "text/html", Body = "<!DOCTYPE html><h1>Maintenance</h1>"u8.ToArray() });
        _scene.Rest(server.Url, Stream);
        Outcome.Says((await _scene.RunAsync()).Exits(3).StreamError(), "HTML or XML instead of JSON", "is it the API's own address", "Maintenance");
        await GoesOnAsync(server);
    }

    [Fact]
    public async Task Records_path_that_matches_nothing_shows_what_is_there()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""{"total":1,"result":{"items":[{"id":1}]}}"""));
        _scene.Rest(server.Url, "request: { path: /items }\nrecords: results.items\nprimary_key: id");
        Outcome.Says((await _scene.RunAsync()).Exits(3).StreamError(), "'results.items' matches nothing", "keys total, result", "did you mean 'result'", "correct 'records'");
        _scene.HasNoTable().ShouldBeTrue();

        _scene.Rest(server.Url, "request: { path: /items }\nrecords: result.items\nprimary_key: id");
        (await _scene.RunAsync()).Exits(0);
        _scene.RowCount().ShouldBe(1);
    }

    [Fact]
    public async Task Object_where_an_array_is_expected_says_to_give_records()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""{"total":1,"items":[{"id":1}]}"""));
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id");
        Outcome.Says((await _scene.RunAsync()).Exits(3).StreamError(), "an object, not with a list", "keys total, items", "'records'", "records: $");
        _scene.HasNoTable().ShouldBeTrue();

        _scene.Rest(server.Url, "request: { path: /items }\nrecords: $\nprimary_key: total");
        (await _scene.RunAsync()).Exits(0);
        _scene.Rows("select total from items").ShouldBe("1");
    }

    [Theory]
    [InlineData("[1, \"two\", null, {\"id\": 3}]")]
    [InlineData("[[1], {\"id\": 3}]")]
    public async Task Records_that_are_no_objects_are_kept_as_failed(string body)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json(body));
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id");
        (await _scene.RunAsync()).Exits(1);
        _scene.Rows("select id from items").ShouldBe("3");
        Outcome.Says((await _scene.ToolAsync("failed", "list")).Exits(0).Output, "expected an object");
    }

    [Fact]
    public async Task GraphQl_errors_in_a_200_fail_the_stream_and_say_why()
    {
        await using var simulator = await RunningSimulator.StartAsync("crm", new SimulatorOptions(), CancellationToken.None);
        File.Copy(Path.Combine(Repository.Root, "recipes", "crm", "tidemark.yaml"), _scene["tidemark.yaml"]);
        _scene.Environment["CRM_URL"] = Scene.Url(simulator);
        await Scene.FaultAsync(simulator, "kind=graphql&after=3");
        var outcome = (await _scene.RunAsync()).Exits(3);
        Outcome.Says(outcome.StreamError("clients"), "answered with errors", "Something went wrong", "error_handler");
        // Three pages were read and written; the other streams were not stopped.
        Database.Scalar(_scene["crm.db"], "select count(*) from clients").ShouldBe(300L);
        outcome.Status("pianos").ShouldBe("succeeded");

        (await _scene.RunAsync()).Exits(0);
        Truth.Differences(await Truth.RecordsAsync(simulator, "clients"), _scene["crm.db"], "clients", "id").ShouldBeEmpty();
    }

    [Fact]
    public async Task Empty_body_and_204_are_an_empty_page()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(204, ""), Reply.Of(200, ""));
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id");
        (await _scene.RunAsync()).Exits(0).Count("read").ShouldBe(0);
        (await _scene.RunAsync()).Exits(0).Count("read").ShouldBe(0);
    }

    private static Task<ScriptedServer> StartAsync(params Reply[] second)
    {
        var answer = ScriptedServer.InOrder(second);
        return ScriptedServer.StartAsync(seen => seen.Query("cursor") is null ? Reply.Json("""{"data":[{"id":1},{"id":2}],"next":"b"}""") : answer(seen));
    }

    private async Task GoesOnAsync(ScriptedServer server)
    {
        _scene.Rows("select id from items").ShouldBe("1|2");
        server.Answer = seen => seen.Query("cursor") == "b" ? Last : Reply.Of(400, "from the start again");
        (await _scene.RunAsync()).Exits(0);
        _scene.Rows("select id from items").ShouldBe("1|2|3");
    }
}
