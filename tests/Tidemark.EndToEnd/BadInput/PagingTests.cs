using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>Paging that goes in circles, has no end, is capped, or breaks off.</summary>
public sealed class PagingTests : IAsyncLifetime, IDisposable
{
    private readonly Scene _scene = new();
    private RunningSimulator _communes = null!;

    public async Task InitializeAsync() => _communes = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);

    public async Task DisposeAsync() => await _communes.DisposeAsync();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Next_link_that_loops_is_noticed_and_what_was_read_is_kept()
    {
        Stream("request: { path: /communes/loop, params: { limit: 50 } }", "{ type: next_url, next_url_path: next }");
        var outcome = (await _scene.RunAsync()).Exits(3);
        Outcome.Says(outcome.StreamError(), "it would never end", "page=3");
        outcome.Count("requests").ShouldBeLessThanOrEqualTo(4);
        _scene.RowCount().ShouldBe(outcome.Count("inserted"));
        outcome.Count("inserted").ShouldBeInRange(100, 150);
    }

    [Fact]
    public async Task Link_that_leads_back_two_pages_is_noticed()
    {
        await using var server = await ScriptedServer.StartAsync(seen => Reply.Json(seen.Query("p") switch
        {
            null => """{"data":[{"id":1}],"next":"?p=2"}""",
            "2" => """{"data":[{"id":2}],"next":"?p=3"}""",
            _ => """{"data":[{"id":3}],"next":"?p=2"}""",
        }));
        _scene.Rest(server.Url, "request: { path: /items }\nrecords: data\nprimary_key: id\npaginator: { type: next_url, next_url_path: next }");
        Outcome.Says((await _scene.RunAsync()).Exits(3).StreamError(), "leads back to", "never end");
        _scene.Rows("select id from items").ShouldBe("1|2");
    }

    [Fact]
    public async Task Page_that_never_gets_empty_is_noticed_at_the_first_repetition()
    {
        Stream("request: { path: /communes/endless, params: { departement: \"25\" } }", "{ type: page_number, page_size: 100, page_size_param: per_page }");
        // The last page is shorter than those before it, which is an end.
        (await _scene.RunAsync()).Exits(0);
        _scene.RowCount().ShouldBe(await CountAsync("25"));

        // A server that ignores the page parameter.
        Stream("request: { path: /communes/bare }", "{ type: page_number, page_param: seite, page_size: 100, page_size_param: per_page }", records: "");
        var outcome = (await _scene.RunAsync()).Exits(3);
        Outcome.Says(outcome.StreamError(), "sent the same page again", "check page_param", "'seite'");
        outcome.Count("requests").ShouldBe(2);
    }

    [Theory]
    [InlineData("/communes/page", "{ type: page_number, page_size: 5000, page_size_param: per_page }")]
    [InlineData("/communes/page", "{ type: page_number, page_size: 5000, page_size_param: per_page, total_path: total }")]
    [InlineData("/communes/offset", "{ type: offset, page_size: 5000 }")]
    [InlineData("/communes/offset", "{ type: offset, page_size: 5000, total_path: total }")]
    [InlineData("/communes/cursor", "{ type: cursor, cursor_path: next_cursor, page_size: 5000, page_size_param: limit }")]
    public async Task Pages_capped_below_the_asked_size_are_all_read(string path, string paginator)
    {
        Stream($"request: {{ path: {path} }}", paginator);
        (await _scene.RunAsync()).Exits(0).Count("failed").ShouldBe(0);
        await _scene.EqualsTruthAsync(_communes, "communes", "code");
    }

    [Fact]
    public async Task Null_cursor_although_there_is_more_is_an_error_where_the_api_tells()
    {
        await using var crm = await RunningSimulator.StartAsync("crm", new SimulatorOptions(), CancellationToken.None);
        File.Copy(Path.Combine(Repository.Root, "recipes", "crm", "tidemark.yaml"), _scene["tidemark.yaml"]);
        _scene.Environment["CRM_URL"] = Scene.Url(crm);
        await Scene.FaultAsync(crm, "kind=null_cursor&after=2");
        var outcome = (await _scene.RunAsync("clients")).Exits(3);
        Outcome.Says(outcome.StreamError("clients"), "says that there is a next page but has no endCursor", "pageInfo { hasNextPage endCursor }");

        (await _scene.RunAsync()).Exits(0);
        Truth.Differences(await Truth.RecordsAsync(crm, "clients"), _scene["crm.db"], "clients", "id").ShouldBeEmpty();
    }

    [Fact]
    public async Task Duplicate_keys_in_a_page_make_one_row_and_the_last_one_wins()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""[{"id":1,"v":"a"},{"id":2,"v":"b"},{"id":1,"v":"c"},{"id":1,"v":"d"}]"""));
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id");
        var outcome = (await _scene.RunAsync()).Exits(0);
        _scene.Rows("select id, v from items order by id").ShouldBe("1 d|2 b");
        outcome.Count("read").ShouldBe(4);
        (outcome.Count("inserted") + outcome.Count("updated") + outcome.Count("unchanged")).ShouldBe(4);
    }

    private void Stream(string request, string paginator, string records = "records: communes") =>
        _scene.Rest(Scene.Url(_communes), $"{request}\n{records}\nprimary_key: code\npaginator: {paginator}");

    private async Task<int> CountAsync(string departement) =>
        (await Truth.RecordsAsync(_communes, "communes")).Count(r => r.GetProperty("departement").GetString() == departement);
}
