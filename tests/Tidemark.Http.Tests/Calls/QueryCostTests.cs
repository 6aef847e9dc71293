using System.Text.Json;
using Tidemark.Http.Tests.Support;
using Tidemark.Quotas;
using Tidemark.Simulators;
using Tidemark.Simulators.Hosting;
using Tidemark.Telemetry;

namespace Tidemark.Http.Tests.Calls;

/// <summary>GraphQL APIs that limit what queries cost: the CRM simulator's bucket holds 1000 and gets 50 a second back.</summary>
public sealed class QueryCostTests
{
    private const string Throttled = """{"message":"Throttled","extensions":{"code":"THROTTLED"}}""";

    // 202 a page of 100: it fits five times less into the bucket.
    private const string Clients = """
        query ($first: Int, $after: String) {
          allClients(first: $first, after: $after) { nodes { id firstName address { city } } pageInfo { hasNextPage endCursor } }
        }
        """;

    // 1010 with pages of 100: more than the bucket ever holds.
    private const string ClientsAndMore = """
        query ($first: Int, $after: String) {
          allClients(first: $first, after: $after) { nodes { id address { city } } pageInfo { hasNextPage endCursor } }
          allPianos(first: $first) { nodes { id location { room } } }
          allEventsBatched(first: $first) { nodes { id address { city } } }
          allTimelineEntries(first: $first) { nodes { id conditions { humidityPercent } } }
          allUsers(first: $first) { nodes { id address { city } } }
        }
        """;

    [Fact]
    public async Task Throttled_queries_wait_for_what_is_missing_and_nothing_is_lost()
    {
        await using var fixture = Listening();
        await using var crm = await StartAsync(fixture);

        var clients = await ReadAsync(fixture, crm, Clients, new RelayPaginator { PageSize = 100 });

        clients.ShouldBe(await TruthAsync(crm), ignoreOrder: true);
        crm.Calls.Refused.ShouldBeGreaterThan(0);
        fixture.Quota!.ShouldAgree(fixture.Counters, crm.Calls.Total);
        fixture.Counters[Counter.Retries].ShouldBe(crm.Calls.Refused);
        fixture.Quota.Settled.Count(s => s.RetryAfter is not null).ShouldBe((int)crm.Calls.Refused);
        fixture.Warnings.ShouldBeEmpty();
        // The first query costs what the source says, the others what the server said last.
        fixture.Quota.Asked.Select(a => a.Cost).ShouldBe([1, .. Enumerable.Repeat(202.0, fixture.Quota.Asked.Count - 1)]);
    }

    [Fact]
    public async Task True_cost_is_what_counts()
    {
        await using var fixture = Listening();
        await using var crm = await StartAsync(fixture);

        await ReadAsync(fixture, crm, Clients, new RelayPaginator { PageSize = 100, MaxPages = 2 });

        fixture.Quota!.Settled.Select(s => s.Cost).ShouldBe([202, 202]);
        fixture.Quota.Settled.Select(s => s.Capacity).ShouldBe([1000, 1000]);
        fixture.Quota.Settled.Select(s => s.RefillPerSecond).ShouldBe([50, 50]);
        fixture.Quota.Settled.Select(s => s.Balance).ShouldBe([798, 596]);
        fixture.Counters[Counter.Cost].ShouldBe(404);
    }

    [Fact]
    public async Task Query_that_costs_more_than_there_can_be_asks_for_smaller_pages()
    {
        await using var fixture = Listening();
        await using var crm = await StartAsync(fixture);

        var clients = await ReadAsync(fixture, crm, ClientsAndMore, new RelayPaginator { PageSize = 100 });

        clients.ShouldBe(await TruthAsync(crm), ignoreOrder: true);
        fixture.Warnings.ShouldHaveSingleItem().ShouldBe("a page of 100 records costs more than the server allows (the query costs up to 1010): from now on this run asks for 50 a page");
        fixture.Quota!.ShouldAgree(fixture.Counters, crm.Calls.Total);
    }

    [Fact]
    public async Task Page_size_in_a_variable_is_lowered_too()
    {
        await using var fixture = Listening();
        await using var crm = await StartAsync(fixture);

        var clients = await ReadAsync(fixture, crm, ClientsAndMore, new RelayPaginator(), variables: """{"first":400}""");

        // The simulator gives 100 a page at most and lets pay for no more: 200 and 100 are refused as well.
        clients.ShouldBe(await TruthAsync(crm), ignoreOrder: true);
        var warning = fixture.Warnings.ShouldHaveSingleItem();
        warning.ShouldContain("a page of 400 records");
        warning.ShouldContain("asks for 50 a page");
    }

    [Fact]
    public async Task Lowered_page_size_stays_for_the_next_reading_of_the_stream()
    {
        await using var fixture = Listening();
        await using var crm = await StartAsync(fixture);

        await ReadAsync(fixture, crm, ClientsAndMore, new RelayPaginator { PageSize = 100, MaxPages = 1 });
        var refused = crm.Calls.Refused;
        await ReadAsync(fixture, crm, ClientsAndMore, new RelayPaginator { PageSize = 100, MaxPages = 1 });

        fixture.Warnings.Count.ShouldBe(1);
        refused.ShouldBe(1);
    }

    [Fact]
    public async Task Positions_stay_valid_when_the_page_size_is_lowered()
    {
        await using var fixture = Listening();
        await using var crm = await StartAsync(fixture);
        var before = await PagesAsync(fixture, crm, Clients, new RelayPaginator { PageSize = 100, MaxPages = 3 });

        await using var other = Listening(fixture.Time);
        var rest = await PagesAsync(other, crm, ClientsAndMore, new RelayPaginator { PageSize = 100 }, before[^1].NextPosition);

        other.Warnings.Count.ShouldBe(1);
        before.Concat(rest).SelectMany(p => p.Records).Select(Id).ShouldBe(await TruthAsync(crm), ignoreOrder: true);
    }

    [Fact]
    public async Task Refusal_after_the_wait_lowers_the_page_size_until_there_is_enough()
    {
        // Others spend what comes back: there are never more than 30.
        await using var server = await ScriptedServer.StartAsync(seen => JsonDocument.Parse(seen.Body).RootElement.GetProperty("variables").GetProperty("first").GetInt32() switch
        {
            var size when size * 2 > 30 => Reply.Json($$$"""{"errors":[{{{Throttled}}}],{{{Cost(size * 2, available: 30)}}}}"""),
            var size => Reply.Json("""{"data":{"a":{"nodes":[1],"pageInfo":{"hasNextPage":false}}},""" + Cost(size * 2, available: 30) + "}"),
        });
        await using var fixture = Listening();

        await fixture.ReadAsync(new GraphQlSource { Url = server.Address }, new GraphQlRequest { Query = "{a}", Records = "data.a.nodes", Paginator = new RelayPaginator { PageSize = 100 } });

        server.Requests.Count.ShouldBe(5);
        fixture.Warnings.ShouldHaveSingleItem().ShouldContain("asks for 12 a page");
        fixture.Quota!.ShouldAgree(fixture.Counters, 5);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task Query_that_never_fits_and_cannot_ask_for_less_fails_at_once(int? pageSize)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json($$$"""{"errors":[{{{Throttled}}}],{{{Cost(1202, available: 1000)}}}}"""));
        await using var fixture = Listening();

        var message = await fixture.FailureAsync(new GraphQlSource { Url = server.Address },
            new GraphQlRequest { Query = "{a}", Records = "data.a", Paginator = new RelayPaginator { PageSize = pageSize } });

        message.ShouldContain("was refused for its cost of 1202, where the server has 1000 at most");
        message.ShouldContain("page_size");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Pages_whose_positions_depend_on_their_size_keep_it()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json($$$"""{"errors":[{{{Throttled}}}],{{{Cost(1202, available: 1000)}}}}"""));
        await using var fixture = Listening();

        await fixture.FailureAsync(new GraphQlSource { Url = server.Address }, new GraphQlRequest { Query = "{a}", Records = "data.a", Paginator = new OffsetPaginator { PageSize = 100 } });

        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Throttled_without_a_cost_backs_off()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json($$$"""{"errors":[{{{Throttled}}}]}"""), Reply.Json("""{"data":{"a":[1]}}"""));
        await using var fixture = Listening();

        await fixture.ReadAsync(new GraphQlSource { Url = server.Address }, new GraphQlRequest { Query = "{a}", Records = "data.a" });

        fixture.Time.Waits.ShouldHaveSingleItem().ShouldBeGreaterThan(TimeSpan.Zero);
        fixture.Counters[Counter.ThrottledMs].ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Throttled_fails_where_nobody_listens_and_no_rule_says_otherwise()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json($$$"""{"errors":[{{{Throttled}}}],{{{Cost(10, available: 5)}}}}"""));
        await using var fixture = new Fixture { Quota = new ScriptedQuota() };

        (await fixture.FailureAsync(new GraphQlSource { Url = server.Address }, new GraphQlRequest { Query = "{a}", Records = "data.a" })).ShouldContain("answered with errors: Throttled");

        fixture.Quota.Settled.ShouldHaveSingleItem().ShouldBe(new QuotaAnswer());
    }

    [Fact]
    public async Task Rule_of_the_error_handler_comes_first()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json($$$"""{"errors":[{{{Throttled}}}],{{{Cost(1202, available: 1000)}}}}"""));
        await using var fixture = Listening();
        var source = new GraphQlSource { Url = server.Address, ErrorHandler = [new ErrorRule { When = "errors[0].extensions.code == 'THROTTLED'", Action = ErrorAction.Fail }] };

        (await fixture.FailureAsync(source, new GraphQlRequest { Query = "{a}", Records = "data.a", Paginator = new RelayPaginator { PageSize = 100 } })).ShouldContain("action fail");

        server.Requests.Count.ShouldBe(1);
    }

    private static string Cost(int requested, int available) =>
        $$$""" "extensions":{"cost":{"requestedQueryCost":{{{requested}}},"actualQueryCost":null,"throttleStatus":{"maximumAvailable":1000.0,"currentlyAvailable":{{{available}}},"restoreRate":50.0} } }""";

    // A quota that does nothing but wait as the server asks, on the clock that the simulator has too.
    private static Fixture Listening(ManualTimeProvider? clock = null)
    {
        var time = clock ?? new ManualTimeProvider();
        ScriptedQuota? held = null;
        var quota = held = new ScriptedQuota
        {
            Signals = QuotaSignals.RetryAfter | QuotaSignals.GraphQlCost,
            Before = (_, _) =>
            {
                if (held!.Last?.RetryAfter is { } wait) time.Advance(wait);
                return Task.CompletedTask;
            },
        };
        return new Fixture { Time = time, Quota = quota };
    }

    private static Task<RunningSimulator> StartAsync(Fixture fixture) =>
        RunningSimulator.StartAsync("crm", new SimulatorOptions { CostThrottling = true, Time = fixture.Time }, CancellationToken.None);

    private static async Task<List<string>> ReadAsync(Fixture fixture, RunningSimulator crm, string query, Paginator paginator, string? variables = null) =>
        [.. (await PagesAsync(fixture, crm, query, paginator, variables: variables)).SelectMany(p => p.Records).Select(Id)];

    private static Task<List<PageCopy>> PagesAsync(Fixture fixture, RunningSimulator crm, string query, Paginator paginator, string? resumeFrom = null, string? variables = null)
    {
        var source = new GraphQlSource { Url = crm.Address, Authenticator = new ApiKeyAuthenticator { Header = "x-gazelle-api-key", Value = new("demo-key") } };
        var request = new GraphQlRequest { Path = "/graphql/private/", Query = query, Records = "data.allClients.nodes", Paginator = paginator, Variables = variables is null ? null : JsonTemplate.Parse(variables) };
        return fixture.ReadAsync(source, request, resumeFrom);
    }

    private static string Id(string record) => JsonDocument.Parse(record).RootElement.GetProperty("id").GetString()!;

    private static async Task<List<string>> TruthAsync(RunningSimulator crm)
    {
        using var client = new HttpClient();
        var lines = await client.GetStringAsync(new Uri(crm.Address, "/_sim/records/clients"));
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Id)];
    }
}
