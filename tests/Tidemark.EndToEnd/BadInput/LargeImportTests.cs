using System.Globalization;
using Tidemark.Destinations;
using Tidemark.EndToEnd.Support;
using Tidemark.Http;
using Tidemark.Quotas;
using Tidemark.Runs;
using Tidemark.Simulators;
using Tidemark.Sources;
using Tidemark.Sqlite;
using Tidemark.Telemetry;
using Tidemark.Tests.Support;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>What large imports under a quota meet: storms of refusals, long waits, clocks that are set, changed limits, locked stores.</summary>
public sealed class LargeImportTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("quota: register")]
    public async Task Storm_of_429_costs_the_refused_calls_and_nothing_else(string quota)
    {
        await using var sirene = await RunningSimulator.StartAsync("sirene", new SimulatorOptions { Limit = 0 }, CancellationToken.None);
        await Scene.FaultAsync(sirene, "kind=429&count=40&retry_after=1");
        _scene.Configure(Scene.Url(sirene), """
              items:
                request: { path: /api-sirene/3.11/siret, params: { nombre: 1, debut: "{{ slice }}" } }
                records: etablissements
                primary_key: siret
                slices: { by: range, from: 0, to: 60, step: 1, parallel: 8 }
            """, $$"""
            authenticator: { type: api_key, header: X-INSEE-Api-Key-Integration, value: demo-key }
            {{quota}}
            """, "quotas: { register: {} }");
        // Eight at once are refused five times each.
        _scene.File("tidemark.yaml", (await File.ReadAllTextAsync(_scene["tidemark.yaml"])).Replace("attempts: 4", "attempts: 8", StringComparison.Ordinal));

        var outcome = (await _scene.RunAsync()).Exits(0);

        (outcome.Count("inserted"), outcome.Count("retries"), outcome.Count("requests")).ShouldBe((60, 40, 100));
        (sirene.Calls.Refused, sirene.Calls.Total).ShouldBe((40, 100));
        _scene.RowCount().ShouldBe(60);
    }

    [Fact]
    [Trait("guarantee", "G68")]
    public async Task Retry_after_of_two_hours_parks_and_is_honoured_by_the_next_run_which_makes_no_call()
    {
        await using var server = await ScriptedServer.StartAsync(seen => seen.Query("cursor") is null ? Reply.Json("""{"data":[{"id":1}],"next":"b"}""") : Reply.Of(429, "{}", ("Retry-After", "7200")));
        _scene.Configure(server.Url, "  items: { request: { path: /items }, records: data, primary_key: id, paginator: { type: cursor, cursor_path: next } }", "quota: api", "quotas: { api: {} }");

        var first = (await _scene.RunAsync()).Exits(5).Stream().GetProperty("parked_until").GetDateTimeOffset();
        server.Requests.Count.ShouldBe(2);
        var second = (await _scene.RunAsync()).Exits(5);

        second.Stream().GetProperty("parked_until").GetDateTimeOffset().ShouldBe(first, TimeSpan.FromSeconds(2));
        Outcome.Says(second.StreamError(), "the quota 'api' asks to wait", "the server asked for it");
        server.Requests.Count.ShouldBe(2);
        _scene.Rows("select id from items").ShouldBe("1");
        (await _scene.ToolAsync("quota")).Exits(0).Output.ShouldContain("no call before");
    }

    [Fact]
    [Trait("guarantee", "G68")]
    public async Task After_two_hours_the_import_goes_on_where_it_stopped()
    {
        var clock = new ManualTime();
        var refuses = true;
        await using var server = await ScriptedServer.StartAsync(seen => seen.Query("cursor") is null ? Reply.Json("""{"data":[{"id":1}],"next":"b"}""")
            : refuses ? Reply.Of(429, "{}", ("Retry-After", "7200"))
            : Reply.Json("""{"data":[{"id":2}],"next":null}"""));

        (await RunAsync(clock, server, new QuotaDefinition())).ParkedUntil.ShouldBe(clock.GetUtcNow().AddHours(2));
        refuses = false;
        clock.Advance(TimeSpan.FromHours(1));
        var parked = await RunAsync(clock, server, new QuotaDefinition());
        (parked.Status, parked.ParkedUntil, parked.Counts[Counter.Requests]).ShouldBe((RunStatus.Parked, clock.GetUtcNow().AddHours(1), 0));

        clock.Advance(TimeSpan.FromHours(1));
        var last = await RunAsync(clock, server, new QuotaDefinition());
        (last.Status, last.Counts[Counter.Inserted], last.Counts[Counter.Requests]).ShouldBe((RunStatus.Succeeded, 1, 1));
        server.Requests[^1].Query("cursor").ShouldBe("b");
        _scene.Rows("select id from items").ShouldBe("1|2");
    }

    [Theory]
    [InlineData("X-RateLimit-Reset", -60)]
    [InlineData("X-RateLimit-Reset", -500_000_000)]
    [InlineData("X-Rate-Limit-Reset", -60_000)]
    public async Task Reset_in_the_past_means_nothing(string header, long ago)
    {
        var now = TimeProvider.System.GetUtcNow();
        var reset = (header[1..].Count(c => c == '-') == 2 ? now.ToUnixTimeSeconds() : now.ToUnixTimeMilliseconds()) + ago;
        await using var server = await ScriptedServer.StartAsync(seen => Reply.Json(seen.Query("page") == "3" ? "[]" : $$"""[{"id":{{seen.Query("page")}}}]""",
            (header.Replace("Reset", "Remaining", StringComparison.Ordinal), "0"), (header, reset.ToString(CultureInfo.InvariantCulture))));
        _scene.Configure(server.Url, "  items: { request: { path: /items }, primary_key: id, paginator: { type: page_number } }", "quota: api", "quotas: { api: {} }");

        var outcome = (await _scene.RunAsync()).Exits(0);

        (outcome.Count("inserted"), outcome.Count("requests")).ShouldBe((2, 3));
        // Taken for one that is to come, it would be a minute or years.
        outcome.Count("throttled_ms").ShouldBeLessThan(30_000);
    }

    [Theory]
    [Trait("guarantee", "G64")]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Clock_that_is_set_by_an_hour_during_a_run_neither_blocks_it_nor_allows_more(int hours)
    {
        const int Limit = 4, Pages = 14;
        var interval = TimeSpan.FromSeconds(1);
        var clock = new SetClock();
        var arrivals = new List<long>();
        await using var server = await ScriptedServer.StartAsync(seen =>
        {
            arrivals.Add(TimeProvider.System.GetTimestamp());
            if (arrivals.Count == 6) clock.Error = TimeSpan.FromHours(hours);
            return Reply.Json($$"""{"data":[{"id":{{arrivals.Count}}}],"next":{{(arrivals.Count < Pages ? arrivals.Count : "null")}}}""");
        });

        var report = await RunAsync(clock, server, new QuotaDefinition { Rates = [new QuotaRate(Limit, interval)] });

        (report.Status, report.Counts[Counter.Inserted]).ShouldBe((RunStatus.Succeeded, Pages));
        for (var i = Limit; i < Pages; i++) TimeProvider.System.GetElapsedTime(arrivals[i - Limit], arrivals[i]).ShouldBeGreaterThanOrEqualTo(interval);
    }

    [Fact]
    [Trait("guarantee", "G65")]
    public async Task Quota_that_was_changed_judges_what_the_ledger_holds()
    {
        await using var server = await ScriptedServer.StartAsync(seen => Reply.Json($$"""{"data":[{"id":{{seen.Query("cursor") ?? "0"}}}],"next":{{(seen.Query("cursor") == "9" ? "null" : int.Parse(seen.Query("cursor") ?? "0", CultureInfo.InvariantCulture) + 1)}}}"""));
        async Task<Outcome> RunAsync(string rates)
        {
            _scene.Configure(server.Url, "  items: { request: { path: /items }, records: data, primary_key: id, paginator: { type: cursor, cursor_path: next } }", "quota: api", $"quotas: {{ api: {{ rates: {rates} }} }}");
            return await _scene.RunAsync();
        }

        (await RunAsync("[{ limit: 3, interval: 1h }]")).Exits(5).Count("requests").ShouldBe(3);
        Outcome.Says((await RunAsync("[{ limit: 2, interval: 1h }]")).Exits(5).StreamError(), "2 in 1h are used up");
        (await RunAsync("[{ limit: 5, interval: 1h }]")).Exits(5).Count("requests").ShouldBe(2);
        (await RunAsync("[{ limit: 5, interval: 2h }, { limit: 100, interval: 1s }]")).Exits(5).Count("requests").ShouldBe(0);
        (await RunAsync("[{ limit: 100, interval: 1h }]")).Exits(0).Count("requests").ShouldBe(5);
        _scene.RowCount().ShouldBe(10);
        server.Requests.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Store_that_another_process_has_locked_is_waited_for()
    {
        await using var server = await ScriptedServer.StartAsync(seen => Reply.Json(seen.Query("page") == "4" ? "[]" : $$"""[{"id":{{seen.Query("page")}}},{"no":"key"}]"""));
        _scene.Configure(server.Url, "  items: { request: { path: /items }, primary_key: id, paginator: { type: page_number } }", "quota: api", "quotas: { api: { rates: [{ limit: 100, interval: 1s }] } }");
        (await _scene.RunAsync("--limit", "1")).Exits(0);
        Task<Outcome> run;
        using (Database.Lock(_scene[".tidemark/store.db"]))
        {
            run = _scene.RunAsync();
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
            run.IsCompleted.ShouldBeFalse();
        }
        var outcome = (await run).Exits(1);
        (outcome.Count("inserted"), outcome.Count("failed")).ShouldBe((2, 3));
        _scene.RowCount().ShouldBe(3);
    }

    private async Task<StreamReport> RunAsync(TimeProvider clock, ScriptedServer server, QuotaDefinition quota)
    {
        var pipeline = new PipelineDefinition
        {
            Name = "import",
            Quotas = new Dictionary<string, QuotaDefinition>(StringComparer.Ordinal) { ["api"] = quota },
            Sources = new Dictionary<string, SourceDefinition>(StringComparer.Ordinal) { ["api"] = new RestSource { Url = server.Address, Quota = new QuotaUse("api") } },
            Destinations = new Dictionary<string, DestinationDefinition>(StringComparer.Ordinal) { ["db"] = new SqliteDestination { Path = _scene.Database } },
            Streams =
            [
                new StreamDefinition
                {
                    Name = "items",
                    PrimaryKey = ["id"],
                    Request = new RestRequest { Path = "/items", Records = "data", Paginator = new CursorPaginator { CursorPath = "next" } },
                },
            ],
        };
        await using var store = await SqliteStore.OpenAsync(_scene["store.db"], clock, CancellationToken.None);
        return (await new PipelineRun(pipeline, new RunOptions(), store) { Time = clock }.RunAsync(CancellationToken.None)).Streams.Single();
    }

    /// <summary>A clock that somebody sets; what passes is measured as ever.</summary>
    private sealed class SetClock : TimeProvider
    {
        public TimeSpan Error { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Error;
    }
}
