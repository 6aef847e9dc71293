using System.Globalization;
using System.Text.Json;
using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd;

/// <summary>What is planned, and what a run then does.</summary>
public sealed class PlanTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    [Trait("guarantee", "G85")]
    public async Task Plan_calls_nothing_and_makes_nothing_and_says_what_it_does_not_know()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(500));
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id\npaginator: { type: cursor, cursor_path: next }");
        var outcome = (await _scene.ToolAsync("plan")).Exits(0);
        Outcome.Says(outcome.Output, "first run: calls not known", "not known: how many records there are; it would be by tidemark plan --probe", "not known: how long a call takes", "nothing was called");
        server.Requests.ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(_scene.Path).Select(Path.GetFileName).ShouldBe(["tidemark.yaml"]);

        var plan = (await _scene.ToolAsync("plan", "--json")).Exits(0).Report;
        var stream = plan.GetProperty("streams")[0];
        stream.GetProperty("calls").ValueKind.ShouldBe(JsonValueKind.Null);
        stream.GetProperty("unknown").GetArrayLength().ShouldBe(2);
    }

    [Theory]
    [Trait("guarantee", "G86")]
    [InlineData("page", "{ type: page_number, page_param: page, page_size: 1000, page_size_param: per_page, total_path: total }", 36)]
    [InlineData("offset", "{ type: offset, page_size: 1000, total_path: total }", 36)]
    [InlineData("offset", "{ type: offset, page_size: 1000, total_path: total, overlap: false }", 36)]
    [InlineData("curseur", "{ type: cursor, cursor_path: header.curseurSuivant, cursor_param: curseur, initial: \"*\", page_size: 1000, page_size_param: limit, total_path: header.total }", 37)]
    public async Task Calls_of_a_plan_with_a_probe_are_those_of_the_run(string path, string paginator, long most)
    {
        await using var simulator = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        _scene.Rest(Scene.Url(simulator), $"request: {{ path: /communes/{path} }}\nrecords: communes\nprimary_key: code\npaginator: {paginator}");
        var planned = (await _scene.ToolAsync("plan", "--probe", "--json")).Exits(0).Report;
        simulator.Calls.Total.ShouldBe(1);
        planned.GetProperty("probe_calls").GetInt64().ShouldBe(1);
        Total(planned, "records").ShouldBe(34_969);
        planned.GetProperty("total").GetProperty("about").GetBoolean().ShouldBeFalse();
        Total(planned, "calls").ShouldBeLessThanOrEqualTo(most);

        var run = (await _scene.RunAsync()).Exits(0);
        Total(planned, "calls").ShouldBe(run.Count("requests"));
        (simulator.Calls.Total - 1).ShouldBe(run.Count("requests"));
        run.Count("read").ShouldBe(34_969);

        // And of a full run without a probe, from what was seen.
        var again = (await _scene.ToolAsync("plan", "--full", "--json")).Exits(0).Report;
        Total(again, "calls").ShouldBe(run.Count("requests"));
        again.GetProperty("total").GetProperty("at_least").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [Trait("guarantee", "G86")]
    [InlineData("cursor", "{ type: cursor, cursor_path: next_cursor }", "limit: 900")]
    [InlineData("next", "{ type: next_url, next_url_path: next }", "limit: 900")]
    [InlineData("link", "{ type: link_header }", "limit: 900")]
    [InlineData("bare", "{ type: page_number, page_size: 900 }", "per_page: 900")]
    [InlineData("all", "{ type: single_page }", "")]
    public async Task Calls_of_a_full_read_are_those_of_the_last_one_where_the_source_tells_no_total(string path, string paginator, string parameters)
    {
        await using var simulator = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        _scene.Rest(Scene.Url(simulator), $"request: {{ path: /communes/{path}, params: {{ {parameters} }} }}\n{(path is "bare" or "all" or "link" ? "" : "records: communes\n")}primary_key: code\npaginator: {paginator}");
        var first = (await _scene.RunAsync()).Exits(0).Count("requests");
        Total((await _scene.ToolAsync("plan", "--full", "--json")).Exits(0).Report, "calls").ShouldBe(first);
        (await _scene.RunAsync("--full")).Exits(0).Count("requests").ShouldBe(first);
    }

    [Fact]
    [Trait("guarantee", "G86")]
    public async Task Mirror_of_the_crm_is_planned_to_the_call_for_its_first_run_and_the_next()
    {
        await using var crm = await RunningSimulator.StartAsync("crm", new SimulatorOptions(), CancellationToken.None);
        File.Copy(Path.Combine(Repository.Root, "recipes", "crm", "tidemark.yaml"), _scene["tidemark.yaml"]);
        _scene.Environment["CRM_URL"] = Scene.Url(crm);
        var first = (await _scene.ToolAsync("plan", "--probe", "--json")).Exits(0).Report;
        (Total(first, "records"), Total(first, "calls"), crm.Calls.Total).ShouldBe((2785, 31, 5));
        Requests(await _scene.RunAsync()).ShouldBe(31);

        await crm.AdvanceAsync("day");
        // A probe reads the page that the next run would: newest first, it holds all that is new.
        var next = (await _scene.ToolAsync("plan", "--probe", "--json")).Exits(0).Report;
        next.GetProperty("streams")[4].GetProperty("mode").ValueKind.ShouldBe(JsonValueKind.Null);
        var run = await _scene.RunAsync();
        (Total(next, "calls"), Total(next, "records")).ShouldBe((Requests(run), run.Report.GetProperty("totals").GetProperty("read").GetInt64()));
    }

    [Fact]
    [Trait("guarantee", "G86")]
    public async Task Import_of_the_companies_is_planned_to_the_call_for_its_first_run_and_the_next()
    {
        await using var sirene = await RunningSimulator.StartAsync("sirene", new SimulatorOptions { Limit = 0 }, CancellationToken.None);
        File.Copy(Path.Combine(Repository.Root, "recipes", "companies", "tidemark.yaml"), _scene["tidemark.yaml"]);
        foreach (var (name, value) in new[] { ("URL", Scene.Url(sirene)), ("LIMIT", "1000"), ("PER_DAY", "100000") }) _scene.Environment["COMPANIES_" + name] = value;
        var first = (await _scene.ToolAsync("plan", "--probe", "--json")).Exits(0).Report;
        sirene.Calls.Total.ShouldBe(1);
        (Total(first, "records"), Total(first, "calls"), Total(first, "parks")).ShouldBe((34_969, 196, 0));
        first.GetProperty("total").GetProperty("costs").GetProperty("sirene").GetDouble().ShouldBe(196);
        // Some have no SIRET.
        (await _scene.RunAsync()).Exits(1).Count("read", "companies").ShouldBe(34_969);
        sirene.Calls.Total.ShouldBe(1 + 196);

        await sirene.AdvanceAsync("day");
        var next = (await _scene.ToolAsync("plan", "--probe", "--json")).Exits(0).Report;
        sirene.Calls.Total.ShouldBe(197 + 1);
        (await _scene.RunAsync()).Exits(0).Count("requests", "companies").ShouldBe(Total(next, "calls"));
        sirene.Calls.Total.ShouldBe(198 + Total(next, "calls"));
    }

    [Fact]
    [Trait("guarantee", "G86")]
    public async Task Import_that_goes_on_and_calls_that_a_budget_makes_twice_are_counted()
    {
        await using var sirene = await RunningSimulator.StartAsync("sirene", new SimulatorOptions { Limit = 0 }, CancellationToken.None);
        Sirene(sirene, "budgets: [{ records: 2500, per: 1d }]", "codeCommuneEtablissement:7*");
        var planned = (await _scene.ToolAsync("plan", "--probe")).Exits(0).Output;
        Outcome.Says(planned, "as the source says", "parked", "held up by the quota 'sirene', its budget of 2500 records per 1d (UTC)");
        var report = (await _scene.ToolAsync("plan", "--json", "--probe")).Exits(0).Report;
        var (calls, records, parks) = (Total(report, "calls"), Total(report, "records"), Total(report, "parks"));
        parks.ShouldBe((records - 1) / 2500);

        // A day's part now; what is left is planned from where it stopped, without a probe, as the source has told its total.
        var before = sirene.Calls.Total;
        (await _scene.RunAsync()).Exits(5).Count("read").ShouldBe(2500);
        var made = sirene.Calls.Total - before;
        var rest = (await _scene.ToolAsync("plan", "--json")).Exits(0).Report;
        (Total(rest, "records"), Total(rest, "parks")).ShouldBe((records - 2500, parks));
        (made + Total(rest, "calls")).ShouldBe(calls);

        // With the budget out of the way the rest is read: each page that the days would have cut only once.
        Sirene(sirene, "", "codeCommuneEtablissement:7*");
        var planned2 = Total((await _scene.ToolAsync("plan", "--json")).Exits(0).Report, "calls");
        before = sirene.Calls.Total;
        (await _scene.RunAsync()).Exits(0).Count("read").ShouldBe(records - 2500);
        (sirene.Calls.Total - before).ShouldBe(planned2);
    }

    [Fact]
    [Trait("guarantee", "G86")]
    public async Task Slices_are_planned_as_the_last_import_read_them()
    {
        await using var sirene = await RunningSimulator.StartAsync("sirene", new SimulatorOptions { Limit = 0 }, CancellationToken.None);
        Sirene(sirene, "rates: [{ limit: 1000, interval: 1s }]", "codeCommuneEtablissement:{{ slice }}*", "slices: { by: list, values: [\"1\", \"2\", \"7\", \"9\"], parallel: 2 }");
        var probed = (await _scene.ToolAsync("plan", "--probe")).Exits(0).Output;
        Outcome.Says(probed, "about", "in 4 slices", "as the source says of the whole, in slices alike");
        var run = (await _scene.RunAsync()).Exits(0);
        var again = (await _scene.ToolAsync("plan", "--full", "--json")).Exits(0).Report;
        (Total(again, "calls"), Total(again, "records")).ShouldBe((run.Count("requests"), run.Count("read")));
        (await _scene.RunAsync("--full")).Exits(0).Count("requests").ShouldBe(Total(again, "calls"));
    }

    [Fact]
    [Trait("guarantee", "G85")]
    public async Task Probe_asks_about_one_record_and_its_answer_is_not_paid_for_again()
    {
        await using var server = await ScriptedServer.StartAsync(r => r.Path == "/items"
            ? Reply.Json($$"""{"total":3,"data":[{{string.Join(',', Enumerable.Range(0, 3).Select(i => $$"""{"id":{{i}}}"""))}}]}""") : Reply.Json("""{"review":"fine"}"""));
        _scene.Rest(server.Url, """
            request: { path: /items }
            records: data
            paginator: { type: page_number, total_path: total }
            primary_key: id
            enrich: { source: api, path: /review, params: { of: "{{ record.id }}" }, into: review }
            """);
        var first = (await _scene.ToolAsync("plan", "--probe", "--json")).Exits(0).Report;
        (Total(first, "calls"), Total(first, "questions")).ShouldBe((1, 2));
        server.Requests.Select(r => r.Path).ShouldBe(["/items", "/review"]);
        Total((await _scene.ToolAsync("plan", "--probe", "--json")).Exits(0).Report, "questions").ShouldBe(1);
        var run = (await _scene.RunAsync()).Exits(0);
        (run.Count("enriched"), run.Count("enrich_kept"), run.Count("enrich_requests"), run.Count("requests")).ShouldBe((1, 2, 1, 2));
    }

    [Fact]
    [Trait("guarantee", "G85")]
    public async Task Probe_of_several_calls_reads_so_many_pages_and_no_further_than_the_last()
    {
        await using var server = await ScriptedServer.StartAsync(r => Reply.Json($$"""{"total":8,"data":[{{string.Join(',', Enumerable.Range(0, 2).Select(i => $$"""{"id":"{{r.Query("page")}}-{{i}}"}"""))}}]}"""));
        _scene.Rest(server.Url, "request: { path: /items }\nrecords: data\npaginator: { type: page_number, page_size: 2, page_size_param: size, total_path: total }\nprimary_key: id");
        var plan = (await _scene.ToolAsync("plan", "--probe-calls", "3")).Exits(0);
        server.Requests.Count.ShouldBe(3);
        Outcome.Says(plan.Output, "8 records: 4 calls", "as the probe's did behind the first one, 2 of them", "3 calls were made for this plan");
        (await _scene.ToolAsync("plan", "--probe-calls", "9", "--json")).Exits(0).Report.GetProperty("probe_calls").GetInt64().ShouldBe(4);
        Outcome.Says((await _scene.ToolAsync("plan", "--probe-calls", "0")).Exits(2).Error, "found --probe-calls 0, expected a whole number, at least 1");
    }

    [Fact]
    public async Task Probe_that_fails_is_told_with_the_rest_of_the_plan()
    {
        await using var server = await ScriptedServer.StartAsync(r => r.Path == "/good" ? Reply.Json("""[{"id":1}]""") : Reply.Of(404));
        _scene.Configure(server.Url, "  bad: { request: { path: /bad }, primary_key: id }\n  good: { request: { path: /good }, primary_key: id }");
        Outcome.Says((await _scene.ToolAsync("plan", "--probe")).Exits(3).Output, "the probe failed: GET", "404", "good", "1 record: 1 call", "all on the page that the probe read");
        Outcome.Says((await _scene.ToolAsync("plan", "god")).Exits(2).Error, "no stream is called 'god'; did you mean 'good'?");
    }

    [Fact]
    public async Task Children_are_planned_by_their_parents()
    {
        await using var simulator = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        _scene.Configure(Scene.Url(simulator), """
              departements: { request: { path: /departements }, primary_key: code }
              communes: { parent: { stream: departements, include: code }, request: { path: "/departements/{{ parent.code }}/communes" }, primary_key: code }
            """);
        var first = (await _scene.ToolAsync("plan", "--probe", "--json")).Exits(0).Report;
        var run = await _scene.RunAsync();
        Total(first, "calls").ShouldBe(Requests(run));
        var full = (await _scene.ToolAsync("plan", "--full", "--json")).Exits(0).Report;
        (Total(full, "calls"), Total(full, "records")).ShouldBe((Requests(run), run.Report.GetProperty("totals").GetProperty("read").GetInt64()));
    }

    private static long Total(JsonElement plan, string name) => plan.GetProperty("total").GetProperty(name).GetInt64();

    private static long Requests(Outcome run) => run.Report.GetProperty("totals").GetProperty("requests").GetInt64();

    private void Sirene(RunningSimulator simulator, string quota, string query, string more = "") => _scene.File("tidemark.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
        name: sirene
        quotas: { sirene: { {{quota}} } }
        sources:
          api: { type: rest, url: "{{Scene.Url(simulator)}}", quota: sirene, headers: { x-insee-api-key-integration: any } }
        destinations:
          db: { type: sqlite, path: out.db }
        streams:
          items:
            request: { path: /api-sirene/3.11/siret, params: { q: "{{query}}" } }
            records: etablissements
            paginator: { type: cursor, cursor_path: header.curseurSuivant, cursor_param: curseur, initial: "*", page_size: 1000, page_size_param: nombre, total_path: header.total }
            primary_key: codeCommune
            columns: { codeCommune: { path: adresseEtablissement.codeCommuneEtablissement, type: text } }
            {{more}}

        """));
}
