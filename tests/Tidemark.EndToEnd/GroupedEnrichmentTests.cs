using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd;

/// <summary><c>enrich:</c> with <c>group</c>: one call for many records, and each gets its own answer.</summary>
public sealed class GroupedEnrichmentTests : IAsyncLifetime, IDisposable
{
    private readonly Scene _scene = new();
    private ScriptedServer _server = null!;

    public async Task InitializeAsync() => _server = await ScriptedServer.StartAsync(r => Reviews(Asked(r)));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _scene.Dispose();

    [Fact]
    [Trait("guarantee", "G95")]
    public async Task Answers_find_their_records_by_a_field_and_are_kept_for_each_record()
    {
        Configure();
        Write(8);
        // In another order, one of them lost, one spoiled, one that nobody has asked for.
        _server.Answer = r => Reviews([99, .. Asked(r).Where(i => i != 2).Reverse()], spoiled: 5);
        var first = (await _scene.RunAsync()).Exits(0);
        (first.Count("inserted"), first.Count("requests")).ShouldBe((8, 3));
        _server.Requests.Select(r => string.Join(' ', Asked(r))).Order(StringComparer.Ordinal).ShouldBe(["0 1 2", "3 4 5", "6 7"]);
        Rows().ShouldBe(["0 0", "1 1", "2 -", "3 3", "4 4", "5 -", "6 6", "7 7"]);

        // Larger groups and more records: only what is new is asked about.
        Configure(group: 50);
        Write(10);
        (await _scene.RunAsync("--full")).Exits(0).Count("requests").ShouldBe(1);
        Asked(_server.Requests[^1]).ShouldBe([8, 9]);
    }

    [Fact]
    [Trait("guarantee", "G95")]
    public async Task Answers_in_order_that_are_too_few_are_asked_for_again_in_halves()
    {
        Configure(match: "");
        Write(9);
        _server.Answer = r => Reviews(Asked(r).Where(i => i != 4));
        (await _scene.RunAsync()).Exits(0).Count("inserted").ShouldBe(9);
        Rows().ShouldBe(["0 0", "1 1", "2 2", "3 3", "4 -", "5 5", "6 6", "7 7", "8 8"]);
        _server.Requests.Select(r => string.Join(' ', Asked(r))).Order(StringComparer.Ordinal).ShouldBe(["0 1 2", "3", "3 4 5", "4", "4 5", "5", "6 7 8"]);
    }

    [Theory]
    [InlineData(422)]
    [InlineData(500)]
    [Trait("guarantee", "G95")]
    public async Task Record_that_spoils_its_group_fails_alone(int status)
    {
        Configure(group: 8);
        Write(16);
        _server.Answer = r => Asked(r).Contains(5) ? Reply.Of(status) : Reviews(Asked(r));
        var outcome = (await _scene.RunAsync()).Exits(1);
        (outcome.Count("inserted"), outcome.Count("failed")).ShouldBe((15, 1));
        outcome.Stream().GetProperty("rejected").GetRawText().ShouldBe("""{"review: enrich":1}""");
        Rows().ShouldBe(Enumerable.Range(0, 16).Where(i => i != 5).Select(i => $"{i} {i}"));

        _server.Answer = r => Reviews(Asked(r));
        (await _scene.ToolAsync("failed", "retry", "--all")).Exits(0);
        Rows().ShouldBe(Enumerable.Range(0, 16).Select(i => $"{i} {i}"));
    }

    [Fact]
    [Trait("guarantee", "G95")]
    public async Task Group_that_fails_for_a_while_is_asked_again_as_a_whole()
    {
        Configure(attempts: 2);
        Write(9);
        var asked = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        _server.Answer = r => asked.AddOrUpdate(r.Body, 1, (_, count) => count + 1) == 1 ? Reply.Of(503) : Reviews(Asked(r));
        var outcome = (await _scene.RunAsync()).Exits(0);
        (outcome.Count("inserted"), outcome.Count("requests"), outcome.Count("retries")).ShouldBe((9, 6, 3));
        asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Values_stand_side_by_side_where_there_is_no_list()
    {
        Configure(request: "path: \"/reviews/{{ record.id }}\", params: { names: \"{{ record.name }}\" }");
        Write(4);
        _server.Answer = r => Reviews(Uri.UnescapeDataString(r.Path.Split('/')[^1]).Split(',').Select(i => int.Parse(i, CultureInfo.InvariantCulture)));
        (await _scene.RunAsync()).Exits(0);
        _server.Requests.Select(r => $"{Uri.UnescapeDataString(r.Path)} {r.Query("names")}").Order(StringComparer.Ordinal).ShouldBe(["/reviews/0,1,2 n0,n1,n2", "/reviews/3 n3"]);
        Rows().ShouldBe(["0 0", "1 1", "2 2", "3 3"]);
    }

    [Fact]
    public async Task What_is_switched_off_asks_nobody_and_its_rules_rest()
    {
        Configure(more: "enabled: false, ", rules: "validate: [{ field: review.stars, rule: required }, { field: name, rule: required }]");
        Write(2);
        await File.AppendAllTextAsync(_scene["in.jsonl"], "{\"id\":2}\n");
        var outcome = (await _scene.RunAsync()).Exits(1);
        (outcome.Count("inserted"), outcome.Count("failed"), outcome.Count("requests")).ShouldBe((2, 1, 0));
        outcome.Stream().GetProperty("rejected").GetRawText().ShouldBe("""{"name: required":1}""");
    }

    private static List<int> Asked(Seen request)
    {
        using var body = JsonDocument.Parse(request.Body);
        return [.. body.RootElement.GetProperty("shops").EnumerateArray().Select(s => int.Parse(s.GetProperty("key").GetString()!, CultureInfo.InvariantCulture))];
    }

    private static Reply Reviews(IEnumerable<int> asked, int? spoiled = null) =>
        Reply.Json($"{{\"data\":[{string.Join(',', asked.Select(i => i == spoiled ? "\"sorry\"" : $"{{\"of\":\"{i}\",\"stars\":{i}}}"))}]}}");

    private void Write(int records) => _scene.File("in.jsonl", string.Concat(Enumerable.Range(0, records).Select(i => $"{{\"id\":{i},\"name\":\"n{i}\"}}\n")));

    private List<string> Rows() => [.. Database.Query(_scene.Database, "select id, coalesce(stars, '-') as stars from items order by id").Select(r => $"{r["id"]} {r["stars"]}")];

    private void Configure(int group = 3, string match = "match: { record: id, answer: of }, ", int attempts = 1, string more = "", string rules = "",
        string request = "path: /generate, method: POST, body: { kind: shop, shops: [{ key: \"{{ record.id }}\", name: \"{{ record.name }}\" }] }") => _scene.File("tidemark.yaml", $$"""
        name: enriched
        sources:
          shops: { type: file, path: in.jsonl }
          reviews: { type: rest, url: "{{_server.Url}}", retry: { attempts: {{attempts}}, delay: 10ms } }
        destinations:
          db: { type: sqlite, path: out.db }
        streams:
          items:
            source: shops
            primary_key: id
            columns: { stars: { path: review.stars, type: bigint } }
            enrich: { source: reviews, {{request}}, records: data, into: review, group: {{group}}, {{match}}{{more}}parallel: 4 }
            {{rules}}

        """);
}
