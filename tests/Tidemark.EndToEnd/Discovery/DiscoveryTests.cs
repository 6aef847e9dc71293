using System.Text.Json;
using Tidemark.EndToEnd.Serve;
using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd.Discovery;

/// <summary>The recipe discovery, with servers as processes.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class DiscoveryTests(PostgresServer postgres) : IDisposable
{
    private const string Search = "/products/discover?domain=1&category=172282&bsr_min=1&bsr_max=100000";
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    [Trait("guarantee", "G160")]
    public async Task Thousand_callers_of_two_servers_on_postgresql_are_one_call()
    {
        await using var api = await StartAsync(new SimulatorOptions { Limit = 1000, Delay = new Simulators.Traffic.DelayRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)) }, postgreSql: true);
        using var one = await RunningServer.StartAsync(_scene);
        using var two = await RunningServer.StartAsync(_scene);
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => (i % 2 == 0 ? one : two).Client.GetStringAsync(new Uri(Search, UriKind.Relative))));
        api.Calls.Total.ShouldBe(1);
        answers.Select(a => JsonDocument.Parse(a).RootElement).Count(a => !a.GetProperty("cached").GetBoolean()).ShouldBe(1);
        answers.Select(a => JsonDocument.Parse(a).RootElement.GetProperty("value").GetRawText()).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        foreach (var server in new[] { one, two })
        {
            await server.SignalAsync("TERM");
            (await server.EndAsync()).ExitCode.ShouldBe(0);
        }
        var database = PostgresServer.DatabaseOf(_scene.Environment["DISCOVERY_DB"]);
        (await postgres.SqlAsync(database, "select hit_count from product_discovery_cache")).ShouldBe("999");
        (await postgres.SqlAsync(database, "select count(*), min(source) from search_history")).ShouldBe("1000|api");

        Outcome.Says((await _scene.ToolAsync("verify")).Exits(0).Output, "discovery: as declared; table public.product_discovery_cache, 1 row", "character varying(255)", "index idx_scoring_velocity (velocity_score)", "search_history, 1 000 rows");
        await postgres.SqlAsync(database, "alter table product_scoring_cache alter column asin type varchar(30)");
        Outcome.Says((await _scene.ToolAsync("verify")).Exits(1).Output, "scoring: 1 difference", "column asin: expected character varying(20) not null, found character varying(30) not null");
        Outcome.Says((await _scene.ToolAsync("lookup", "stats")).Exits(0).Output, "discovery: 1 entry", "999 hits, 1 miss: 99.9 % from what is kept", "searches of type discovery: 1 000");
        Outcome.Says((await _scene.ToolAsync("lookup", "purge", "discovery", "--all")).Exits(0).Output, "discovery: 1 answer deleted");
        (await _scene.ToolAsync("lookup", "purge", "discvery")).Exits(2);
    }

    [Fact]
    public async Task Killed_server_leaves_a_lease_that_ends_and_answers_that_stay()
    {
        await using var api = await StartAsync(new SimulatorOptions { Limit = 1000 }, postgreSql: false);
        using (var server = await RunningServer.StartAsync(_scene))
        {
            (await server.Client.GetStringAsync(new Uri(Search, UriKind.Relative))).ShouldContain("\"cached\":false");
            await server.KillAsync();
        }
        using var next = await RunningServer.StartAsync(_scene);
        var answer = await next.Client.GetStringAsync(new Uri(Search, UriKind.Relative));
        answer.ShouldContain("\"cached\":true,\"stale\":false,\"hit_count\":1,");
        // What is no ASIN costs nothing.
        (await next.Client.GetAsync(new Uri("/products/score?asin=nothing", UriKind.Relative))).StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        api.Calls.Total.ShouldBe(1);
    }

    private async Task<RunningSimulator> StartAsync(SimulatorOptions options, bool postgreSql)
    {
        var api = await RunningSimulator.StartAsync("keepa", options, default);
        _scene.Environment["DISCOVERY_URL"] = Scene.Url(api);
        if (postgreSql) _scene.Environment["DISCOVERY_DB"] = await postgres.CreateDatabaseAsync();
        (await _scene.ToolAsync("init", "discovery")).Exits(0);
        return api;
    }
}
