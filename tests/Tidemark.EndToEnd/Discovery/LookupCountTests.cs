using System.Globalization;
using System.Text;
using System.Text.Json;
using Tidemark.EndToEnd.Serve;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.Discovery;

/// <summary>What is counted, by servers that are processes of their own, over a real API, database and signals.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class LookupCountTests(PostgresServer postgres) : IAsyncLifetime, IDisposable
{
    private readonly Scene _scene = new();
    private ScriptedServer _api = null!;

    public async Task InitializeAsync()
    {
        _api = await ScriptedServer.StartAsync(_ => Reply.Json("""{"title":"Thing"}"""));
        _scene.Environment["SHOP_URL"] = _api.Url;
        _scene.Environment["SHOP_DB"] = "sqlite:shop.db";
    }

    public async Task DisposeAsync() => await _api.DisposeAsync();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("guarantee", "G161")]
    public async Task Hundred_thousand_reads_of_two_processes_are_a_hundred_thousand_in_the_database(bool postgreSql)
    {
        if (postgreSql) _scene.Environment["SHOP_DB"] = await postgres.CreateDatabaseAsync();
        Configure(flush: "{ period: 500ms }");
        using var one = await RunningServer.StartAsync(_scene);
        using var two = await RunningServer.StartAsync(_scene);
        await ReadAsync(one, 1);
        var first = new List<long>();
        for (var i = 0; i < 5; i++) first.AddRange(await ReadAsync(one, 1));
        first.ShouldBe([1, 2, 3, 4, 5]);
        // 99 995 more: some one by one, most of them in lists.
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => await ReadAsync(i % 2 == 0 ? one : two, i < 200 ? 1 : i == 200 ? 299 : i == 201 ? 496 : 500));
        foreach (var server in new[] { one, two })
        {
            await server.SignalAsync("TERM");
            (await server.EndAsync()).ExitCode.ShouldBe(0);
        }
        (await HitsAsync()).ShouldBe(100_000);
        _api.Requests.Count.ShouldBe(1);
        Outcome.Says((await _scene.ToolAsync("lookup", "stats")).Exits(0).Output, "100 000 hits, 1 miss", "an entry was served 100000 times on average");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("guarantee", "G161")]
    public async Task Killed_server_loses_what_it_has_counted_since_the_last_flush_and_no_more(bool postgreSql)
    {
        if (postgreSql) _scene.Environment["SHOP_DB"] = await postgres.CreateDatabaseAsync();
        // Counts are written when the second key is counted, and not by time: what is written, and what is not, is known.
        Configure(flush: "{ count: 2, period: 1h }");
        using (var server = await RunningServer.StartAsync(_scene))
        {
            await ReadAsync(server, 1);
            await ReadAsync(server, 700);
            await ReadAsync(server, 2, id: "b");
            while (await HitsAsync() < 700) await Task.Yield();
            await ReadAsync(server, 300);
            await server.KillAsync();
        }
        (await HitsAsync()).ShouldBe(700, "what was flushed is on disk; the 300 after that are what a flush interval holds");
        using var next = await RunningServer.StartAsync(_scene);
        (await ReadAsync(next, 1)).ShouldBe([701]);
        _api.Requests.Count.ShouldBe(2);
    }

    [Theory]
    // For as long as the answer in memory is fresh, it is served as such; when its time is over, as an old one.
    [InlineData("6h", "False")]
    [InlineData("1s", "True")]
    [Trait("guarantee", "G163")]
    public async Task Database_that_is_gone_leaves_answers_in_memory_and_of_others_a_503_and_nobody_is_called(string ttl, string stale)
    {
        var way = new WireProxy(postgres.Port);
        _scene.Environment["SHOP_DB"] = way.Through(await postgres.CreateDatabaseAsync());
        Configure(flush: "{ period: 1h }", ttl);
        using var server = await RunningServer.StartAsync(_scene);
        await ReadAsync(server, 1);
        await way.DisposeAsync();
        string body;
        do body = await server.Client.GetStringAsync(new Uri("/things?id=a", UriKind.Relative));
        while (Word(body, "stale") != stale);
        using (var none = await server.Client.GetAsync(new Uri("/things?id=b", UriKind.Relative)))
        {
            ((int)none.StatusCode, Word(await none.Content.ReadAsStringAsync(), "code")).ShouldBe((503, "destination_unavailable"));
            none.Headers.RetryAfter.ShouldNotBeNull();
        }
        _api.Requests.Count.ShouldBe(1);
    }

    private void Configure(string flush, string ttl = "6h") => _scene.File("tidemark.yaml", $$$"""
        name: shop
        sources: { api: { type: rest, url: "${SHOP_URL}" } }
        destinations: { main: { url: "${SHOP_DB}" } }
        lookups:
          thing:
            route: GET /things
            params: { id: text }
            key: "thing:{id}"
            ttl: {{{ttl}}}
            jitter: 0%
            stale_if_error: 7d
            request: { path: /thing, params: { id: "{{ request.id }}" } }
            table: things
            flush: {{{flush}}}
        """);

    // Many reads in one request are as many reads.
    private static async Task<IReadOnlyList<long>> ReadAsync(RunningServer server, int reads, string id = "a")
    {
        if (reads == 1) return [JsonDocument.Parse(await server.Client.GetStringAsync(new Uri($"/things?id={id}", UriKind.Relative))).RootElement.GetProperty("hit_count").GetInt64()];
        using var body = new StringContent($"[{string.Join(',', Enumerable.Repeat($"{{\"id\":\"{id}\"}}", reads))}]", Encoding.UTF8, "application/json");
        using var answer = await server.Client.PostAsync(new Uri("/things", UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
        return [.. JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.EnumerateArray().Select(a => a.GetProperty("hit_count").GetInt64())];
    }

    private async Task<long> HitsAsync()
    {
        const string Sql = "select hit_count from things where cache_key = 'thing:a'";
        return _scene.Environment["SHOP_DB"].StartsWith("sqlite:", StringComparison.Ordinal)
            ? (long)Database.Scalar(_scene["shop.db"], Sql)!
            : long.Parse(await postgres.SqlAsync(PostgresServer.DatabaseOf(_scene.Environment["SHOP_DB"]), Sql), CultureInfo.InvariantCulture);
    }

    private static string Word(string json, string name) => JsonDocument.Parse(json).RootElement.GetProperty(name).ToString();
}
