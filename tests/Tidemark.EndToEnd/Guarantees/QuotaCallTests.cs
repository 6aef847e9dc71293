using System.Text.Json;
using Tidemark.Destinations;
using Tidemark.EndToEnd.Support;
using Tidemark.Http;
using Tidemark.Quotas;
using Tidemark.Runs;
using Tidemark.Simulators;
using Tidemark.Sources;
using Tidemark.Sqlite;
using Tidemark.Telemetry;

namespace Tidemark.EndToEnd.Guarantees;

/// <summary>What a source's calls and its quota have to do with each other, counted by the simulator, by a quota that lets everything through, and by the report's counters.</summary>
public sealed class QuotaCallTests
{
    private const string Clients = """
        query ($first: Int, $after: String) {
          allClients(first: $first, after: $after) { nodes { id address { city } } pageInfo { hasNextPage endCursor } }
          allPianos(first: $first) { nodes { id location { room } } }
          allEventsBatched(first: $first) { nodes { id address { city } } }
          allTimelineEntries(first: $first) { nodes { id conditions { humidityPercent } } }
          allUsers(first: $first) { nodes { id address { city } } }
        }
        """;

    private readonly StreamCounters _counters = new();

    [Fact]
    [Trait("guarantee", "G70")]
    public async Task Pages_retries_redirects_and_token_calls_pass_the_quota()
    {
        await using var simulator = await CommunesAsync("kind=redirect&to=/communes/cursor?limit%3D1000&after=1", "kind=500&after=4", "kind=429&retry_after=0.01&after=6", "kind=truncate&after=8", "kind=html&after=9");
        var quota = new ScriptedQuota();
        var source = Communes(simulator) with
        {
            Authenticator = new OAuth2ClientCredentialsAuthenticator { TokenUrl = new Uri(simulator.Address, "/oauth/token"), ClientId = "demo", ClientSecret = new("demo-secret") },
        };

        var records = await ReadAsync(source, Pages("communes"), quota);

        records.Count.ShouldBe(34_969);
        simulator.Calls.ByPath["/oauth/token"].ShouldBe(1);
        // 35 pages, a token, a redirect, and four that were asked for again.
        simulator.Calls.Total.ShouldBe(41);
        _counters[Counter.Retries].ShouldBe(4);
        quota.ShouldAgree(_counters, simulator.Calls.Total);
    }

    [Theory]
    [Trait("guarantee", "G71")]
    [InlineData("kind=404", 1)]
    [InlineData("kind=cut&count=2", 2)]
    [InlineData("kind=slow&delay=20s&count=2", 2)]
    [InlineData("kind=garbage&count=2", 2)]
    public async Task Call_that_fails_is_settled_once(string fault, int calls)
    {
        await using var simulator = await CommunesAsync(fault);
        var quota = new ScriptedQuota();
        var source = Communes(simulator) with { Timeout = TimeSpan.FromSeconds(fault.Contains("slow", StringComparison.Ordinal) ? 0.5 : 30), Retry = new RetryDefinition { Attempts = 2, Delay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(2) } };

        await Should.ThrowAsync<SourceException>(() => ReadAsync(source, Pages("communes"), quota));

        quota.ShouldAgree(_counters, calls);
        simulator.Calls.Total.ShouldBe(calls);
        _counters[Counter.Cost].ShouldBe(calls);
    }

    [Fact]
    [Trait("guarantee", "G72")]
    public async Task Retry_after_is_known_to_the_quota_before_the_next_call_asks_for_a_permit()
    {
        await using var simulator = await CommunesAsync("kind=429&retry_after=7", "kind=503&retry_after=3600&after=2");
        ScriptedQuota? held = null;
        List<TimeSpan?> known = [];
        var quota = held = new ScriptedQuota
        {
            Before = (_, _) =>
            {
                known.Add(held!.Last?.RetryAfter);
                return Task.CompletedTask;
            },
        };

        var parked = await Should.ThrowAsync<ParkedException>(() => ReadAsync(Communes(simulator), Pages("communes"), quota));

        known.ShouldBe([null, TimeSpan.FromSeconds(7), null]);
        quota.Last!.RetryAfter.ShouldBe(TimeSpan.FromHours(1));
        parked.Message.ShouldContain("asks to wait 1h");
        quota.ShouldAgree(_counters, simulator.Calls.Total);
    }

    [Fact]
    [Trait("guarantee", "G73")]
    public async Task Query_that_is_refused_for_its_cost_is_asked_again_until_all_is_read()
    {
        // The bucket of 1000 is full again after a tenth of a second; a page of 100 costs 1010.
        await using var simulator = await RunningSimulator.StartAsync("crm", new SimulatorOptions { CostThrottling = true, Interval = TimeSpan.FromMilliseconds(100) }, CancellationToken.None);
        ScriptedQuota? held = null;
        var quota = held = new ScriptedQuota
        {
            Signals = QuotaSignals.GraphQlCost,
            Before = (_, cancellationToken) => Task.Delay(held?.Last?.RetryAfter ?? TimeSpan.Zero, TimeProvider.System, cancellationToken),
        };
        var source = new GraphQlSource { Url = simulator.Address, Authenticator = new ApiKeyAuthenticator { Header = "x-gazelle-api-key", Value = new("demo-key") } };
        var request = new GraphQlRequest { Path = "/graphql/private/", Query = Clients, Records = "data.allClients.nodes", Paginator = new RelayPaginator { PageSize = 100 } };

        var ids = (await ReadAsync(source, request, quota)).Select(r => r.GetProperty("id").GetString()).ToList();

        ids.Count.ShouldBe(1344);
        ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(1344);
        simulator.Calls.Refused.ShouldBeGreaterThan(0);
        quota.ShouldAgree(_counters, simulator.Calls.Total);
    }

    [Fact]
    [Trait("guarantee", "G74")]
    public async Task Stop_ends_a_wait_for_the_quota_that_is_longer_than_the_timeout()
    {
        await using var simulator = await CommunesAsync();
        using var stop = new CancellationTokenSource();
        var quota = new ScriptedQuota
        {
            Before = async (number, cancellationToken) =>
            {
                // The first wait is longer than a call may take; the second one ends with the stop only.
                if (number == 1) await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System, cancellationToken);
                else await stop.CancelAsync();
                if (number == 2) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            },
        };

        await Should.ThrowAsync<OperationCanceledException>(() => ReadAsync(Communes(simulator) with { Timeout = TimeSpan.FromSeconds(5) }, Pages("communes"), quota, stop.Token));

        (simulator.Calls.Total, quota.Sent.Count, _counters[Counter.Requests], _counters[Counter.Cost], _counters[Counter.Retries]).ShouldBe((1, 1, 1, 1, 0));
    }

    [Fact]
    [Trait("guarantee", "G72")]
    public async Task No_stream_calls_before_the_server_wants_to_be_called_again()
    {
        List<(string Path, long At)> seen = [];
        await using var server = await ScriptedServer.StartAsync(request =>
        {
            seen.Add((request.Path, TimeProvider.System.GetTimestamp()));
            return request.Path == "/told" ? Reply.Of(429, "{}", ("Retry-After", "1.5")) : Reply.Json("""[{"id":1}]""");
        });
        var source = new RestSource { Url = server.Address, Retry = new RetryDefinition { Attempts = 1 } };

        var report = await RunAsync(source, new QuotaDefinition(), [Stream("told", new RestRequest { Path = "/told" }), Stream("other", new RestRequest { Path = "/other" })]);

        report.Streams.Select(s => s.Status).ShouldBe([RunStatus.Failed, RunStatus.Succeeded]);
        seen.Select(s => s.Path).ShouldBe(["/told", "/other"]);
        TimeProvider.System.GetElapsedTime(seen[0].At, seen[1].At).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1.5));
        report.Streams[1].Count(Counter.ThrottledMs).ShouldBeGreaterThan(0);
    }

    [Fact]
    [Trait("guarantee", "G73")]
    public async Task Queries_wait_for_their_cost_before_they_are_sent_and_none_is_refused()
    {
        // The bucket of 1000 gets 1000 a second back; 1344 clients and 1031 pianos cost almost 5000.
        await using var simulator = await RunningSimulator.StartAsync("crm", new SimulatorOptions { CostThrottling = true, Interval = TimeSpan.FromSeconds(1) }, CancellationToken.None);
        var source = new GraphQlSource { Url = simulator.Address, Authenticator = new ApiKeyAuthenticator { Header = "x-gazelle-api-key", Value = new("demo-key") } };

        var report = await RunAsync(source, new QuotaDefinition { Signals = QuotaSignals.GraphQlCost }, [Kind("clients", "allClients", "address { city }"), Kind("pianos", "allPianos", "location { room }")], parallel: 2);

        report.Status.ShouldBe(RunStatus.Succeeded);
        report.Total(Counter.Read).ShouldBe(1344 + 1031);
        simulator.Calls.Refused.ShouldBe(0);
        report.Total(Counter.Requests).ShouldBe(simulator.Calls.Total);
        // Two a connection, two a record.
        report.Total(Counter.Cost).ShouldBe((2 * simulator.Calls.Total) + (2 * (1344 + 1031)));
        report.Total(Counter.ThrottledMs).ShouldBeGreaterThan(0);
    }

    private static StreamDefinition Kind(string name, string field, string nested) => Stream(name, new GraphQlRequest
    {
        Path = "/graphql/private/",
        // What a page of 100 costs: until the server has said it, nobody else knows.
        Cost = 202,
        Query = $$"""query ($first: Int, $after: String) { {{field}}(first: $first, after: $after) { nodes { id {{nested}} } pageInfo { hasNextPage endCursor } } }""",
        Records = $"data.{field}.nodes",
        Paginator = new RelayPaginator { PageSize = 100 },
    });

    private static StreamDefinition Stream(string name, StreamRequest request) => new() { Name = name, PrimaryKey = ["id"], Request = request };

    private static async Task<RunReport> RunAsync(HttpSource source, QuotaDefinition quota, IReadOnlyList<StreamDefinition> streams, int parallel = 1)
    {
        using var directory = new TempDirectory();
        var pipeline = new PipelineDefinition
        {
            Name = "test",
            Quotas = new Dictionary<string, QuotaDefinition>(StringComparer.Ordinal) { ["api"] = quota },
            Sources = new Dictionary<string, SourceDefinition>(StringComparer.Ordinal) { ["api"] = source with { Quota = new QuotaUse("api") } },
            Destinations = new Dictionary<string, DestinationDefinition>(StringComparer.Ordinal) { ["db"] = new SqliteDestination { Path = directory["mirror.db"] } },
            Streams = streams,
            ParallelStreams = parallel,
        };
        await using var store = await SqliteStore.OpenAsync(directory["store.db"], TimeProvider.System, CancellationToken.None);
        return await new PipelineRun(pipeline, new RunOptions(), store).RunAsync(CancellationToken.None);
    }

    private static async Task<RunningSimulator> CommunesAsync(params string[] faults)
    {
        var simulator = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        using var client = new HttpClient();
        foreach (var fault in faults)
        {
            using var answer = await client.PostAsync(new Uri(simulator.Address, "/_sim/fault?" + fault), null);
            answer.EnsureSuccessStatusCode();
        }
        return simulator;
    }

    private static RestSource Communes(RunningSimulator simulator) => new()
    {
        Url = simulator.Address,
        Retry = new RetryDefinition { Delay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(10) },
    };

    private static RestRequest Pages(string records) => new()
    {
        Path = "/communes/cursor",
        Records = records,
        Paginator = new CursorPaginator { CursorPath = "next_cursor", PageSize = 1000, PageSizeParam = "limit" },
    };

    private async Task<List<JsonElement>> ReadAsync(HttpSource definition, StreamRequest request, ScriptedQuota quota, CancellationToken cancellationToken = default)
    {
        await using var source = definition.Open(new SourceServices { Quota = quota });
        var values = new TemplateValues { Now = TimeProvider.System.GetUtcNow() };
        var records = new List<JsonElement>();
        await foreach (var page in source.ReadAsync(new ReadRequest { Stream = "s", Request = request, Values = values, Counters = _counters }, cancellationToken))
        {
            using (page)
            {
                for (var i = 0; i < page.Records.Count; i++)
                {
                    using var record = JsonDocument.Parse(page.Record(i).ToArray());
                    records.Add(record.RootElement.Clone());
                }
            }
        }
        return records;
    }
}
