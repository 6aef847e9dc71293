using System.Net;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.Serve;

/// <summary>The server as a process: how it starts, who may call it, how it ends.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly Scene _scene = new();

    public ServeTests() => _scene.ToolAsync("init").GetAwaiter().GetResult().Exits(0);

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_ends_it_with_0(string signal)
    {
        using var server = await RunningServer.StartAsync(_scene);
        (await server.Client.GetStringAsync("/health/ready")).ShouldContain("\"ready\"");
        await server.SignalAsync(signal);
        var end = await server.EndAsync();
        (end.ExitCode, end.Error.Trim()).ShouldBe((0, "stopping: what is under way is being finished (again to leave at once)"));
    }

    [Fact]
    public async Task Address_that_can_not_be_served_is_told_and_nothing_is_started()
    {
        using var server = await RunningServer.StartAsync(_scene);
        var url = server.Address.ToString().TrimEnd('/');
        var taken = (await _scene.ToolAsync("serve", "--urls", url)).Exits(2);
        taken.Error.Trim().ShouldBe($"{url} is taken: another program listens there; end it, or name another port with --urls");
        (await _scene.ToolAsync("serve", "--urls", "https://127.0.0.1:1")).Exits(2).Error.ShouldContain("reverse proxy");
        (await _scene.ToolAsync("serve", "--urls", "http://0.0.0.0:0")).Exits(2).Error.ShouldContain("tidemark key add NAME --route PATH");
        (await _scene.ToolAsync("serve", "-c", "none.yaml")).Exits(2);
    }

    [Fact]
    public async Task Keys_are_made_listed_and_revoked_while_it_runs()
    {
        using var server = await RunningServer.StartAsync(_scene);
        var token = (await _scene.ToolAsync("key", "add", "operator", "--admin")).Exits(0).Output.Trim();
        token.ShouldStartWith("tidemark_");
        (await _scene.ToolAsync("key", "add", "operator", "--admin")).Exits(2).Error.ShouldContain("a key is called 'operator' already");
        (await _scene.ToolAsync("key", "add", "n8n", "--route", "POST /api/kpi", "--json")).Exits(0).Report.GetProperty("routes")[0].GetString().ShouldBe("/api/kpi");
        (await _scene.ToolAsync("key", "add", "none")).Exits(2).Error.ShouldContain("--route NAME|PATH");
        (await _scene.ToolAsync("key", "add", "both", "--route", "/x", "--admin")).Exits(2);
        (await _scene.ToolAsync("key", "add", "wrong", "--route", "kpi")).Exits(2).Error.ShouldContain("expected a path");

        await UntilAsync(async () => await StatusAsync(server, null) == HttpStatusCode.Unauthorized);
        (await StatusAsync(server, token)).ShouldBe(HttpStatusCode.NotFound);
        var list = (await _scene.ToolAsync("key", "list", "--json")).Exits(0);
        list.Report.EnumerateArray().Select(k => k.GetProperty("name").GetString()).ShouldBe(["operator", "n8n"]);
        list.Output.ShouldNotContain(token);

        (await _scene.ToolAsync("key", "revoke", "operatr")).Exits(2).Error.ShouldContain("did you mean 'operator'?");
        (await _scene.ToolAsync("key", "revoke", "operator")).Exits(0);
        await UntilAsync(async () => await StatusAsync(server, token) == HttpStatusCode.Unauthorized);
        (await _scene.ToolAsync("key", "revoke", "n8n", "--json")).Exits(0).Report.GetProperty("left").GetInt32().ShouldBe(0);
        (await _scene.ToolAsync("key", "list")).Output.ShouldContain("revoked 20");
    }

    [Fact]
    public async Task Run_that_was_asked_for_is_shown_by_status()
    {
        using var server = await RunningServer.StartAsync(_scene);
        using var started = await server.Client.PostAsync(new Uri("/v1/runs", UriKind.Relative), null);
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await UntilAsync(async () => (await server.Client.GetStringAsync(started.Headers.Location)).Contains("\"succeeded\"", StringComparison.Ordinal));
        var status = (await _scene.ToolAsync("status")).Exits(0).Output;
        Outcome.Says(status, "people   2026-01-09T08:15:00Z   complete as of 20", "succeeded", "3 read, 3 written");
        (await server.Client.GetStringAsync("/metrics")).ShouldContain("tidemark_records_read_total{pipeline=\"my-mirror\",stream=\"people\",source=\"people_source\"} 3");
    }

    [Fact]
    public async Task Key_is_made_for_an_endpoint_or_a_stream_by_its_name()
    {
        _scene.File("tidemark.yaml", """
            name: keys
            sources: { in: { type: push } }
            destinations: { db: { type: sqlite, path: out.db } }
            streams: { items: { source: in }, both: { source: in } }
            endpoints:
              kpi: { route: POST /api/kpi, write: [{ table: kpi }] }
              both: { route: POST /api/both, write: [{ table: both }] }
            """);
        async Task<string?[]> RoutesAsync(params string[] routes) =>
            [.. (await _scene.ToolAsync(["key", "add", Guid.NewGuid().ToString("n"), "--json", .. routes.SelectMany(r => new[] { "--route", r })])).Exits(0).Report.GetProperty("routes").EnumerateArray().Select(r => r.GetString())];
        (await RoutesAsync("kpi", "items", "/api/kpi")).ShouldBe(["/api/kpi", "/v1/streams/items/records"]);
        (await _scene.ToolAsync("key", "add", "x", "--route", "kpy")).Exits(2).Error.Trim().ShouldBe(
            "found --route kpy, expected one of kpi (/api/kpi), both (/api/both), items (/v1/streams/items/records), both (/v1/streams/both/records), or a path such as /v1/streams/shops/records, or /v1/streams/* for all below; did you mean 'kpi'?");
        (await _scene.ToolAsync("key", "add", "x", "--route", "both")).Exits(2).Error.ShouldContain("give the path, /api/both or /v1/streams/both/records");
    }

    [Fact]
    public async Task Missing_table_of_a_reference_is_told_at_the_start()
    {
        File.Copy(Path.Combine(Repository.Root, "recipes", "kpi", "tidemark.yaml"), _scene["kpi.yaml"]);
        using var server = await RunningServer.StartAsync(_scene, "-c", "kpi.yaml");
        await server.SaysAsync("kpi: there is no table 'stores', which its references are looked up in: until it is made, posts are answered with 503");
    }

    [Fact]
    [Trait("guarantee", "G143")]
    public async Task Changed_configuration_is_taken_over_and_a_broken_one_is_told_while_the_old_one_holds()
    {
        var file = _scene["tidemark.yaml"];
        var before = await File.ReadAllTextAsync(file);
        using var server = await RunningServer.StartAsync(_scene);
        await File.WriteAllTextAsync(file, before + "nonsense: true\n");
        await UntilAsync(async () => (await server.Client.GetStringAsync("/v1/status")).Contains("tidemark.yaml:", StringComparison.Ordinal));
        var problem = System.Text.Json.JsonDocument.Parse(await server.Client.GetStringAsync("/v1/status")).RootElement.GetProperty("configuration").GetProperty("problem").GetString()!;
        problem.ShouldMatch(@"^tidemark\.yaml:\d+:1: .*'nonsense'");
        (await server.Client.GetStringAsync("/metrics")).ShouldContain("tidemark_config_last_reload_successful 0");

        await File.WriteAllTextAsync(file, before.Replace("sources:", "sources:\n  posted: { type: push }", StringComparison.Ordinal).Replace("streams:\n  people:", "streams:\n  posts: { source: posted }\n  people:\n    source: people_source", StringComparison.Ordinal));
        // Not before the second look by itself; a signal asks for it at once.
        await server.SignalAsync("HUP");
        await UntilAsync(async () =>
        {
            using var content = new StringContent("{\"id\":1}", System.Text.Encoding.UTF8, "application/json");
            using var answer = await server.Client.PostAsync(new Uri("/v1/streams/posts/records", UriKind.Relative), content);
            return answer.StatusCode == HttpStatusCode.OK;
        });
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)) + "store: sqlite:other.db\n");
        await UntilAsync(async () => (await server.Client.GetStringAsync("/v1/status")).Contains("the store would be another database: restart the server", StringComparison.Ordinal));
        await server.SignalAsync("TERM");
        var end = await server.EndAsync();
        end.ExitCode.ShouldBe(0);
        Outcome.Says(end.Error, "the changed configuration is refused, the one before holds:", "'nonsense'", "tidemark.yaml has changed, and is taken over");
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningServer server, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/nothing");
        if (token is not null) request.Headers.Add("X-API-Key", token);
        using var response = await server.Client.SendAsync(request);
        return response.StatusCode;
    }

    // Keys are read again within seconds: the server is asked until it has.
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition()) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
    }
}
