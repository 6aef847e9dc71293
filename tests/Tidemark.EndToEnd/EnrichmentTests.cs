using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd;

/// <summary><c>enrich:</c> from a file, past a service that is asked about each record, into a table.</summary>
public sealed class EnrichmentTests : IAsyncLifetime, IDisposable
{
    private readonly Scene _scene = new();
    private ScriptedServer _server = null!;

    public async Task InitializeAsync() => _server = await ScriptedServer.StartAsync(r => Review(Asked(r)));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _scene.Dispose();

    [Fact]
    [Trait("guarantee", "G81")]
    public async Task Answer_becomes_a_field_is_judged_by_the_rules_and_is_not_paid_for_twice()
    {
        Configure("""
            columns: { stars: { path: review.stars, type: bigint } }
            validate: [{ field: review.stars, rule: range, min: 3 }]
            """);
        _scene.File("in.jsonl", """
            {"id":0,"shop":{"name":"n0"}}
            {"id":1,"shop":{"name":"n1"} }
            { "id" : 5 , "shop":{"name":"n5"}}
            {"id":6,"shop":{"name":"n5"}}
            {"id":7}
            [1]

            """);
        var first = (await _scene.RunAsync()).Exits(1);
        (first.Count("read"), first.Count("inserted"), first.Count("failed"), first.Count("requests"), first.Count("pages")).ShouldBe((6, 3, 3, 4, 1));
        first.Stream().GetProperty("rejected").GetRawText().ShouldBe("""{"review.stars: range":2}""");
        _server.Requests.Select(r => r.Body).Order(StringComparer.Ordinal).ShouldBe(["""{"kind":"shop","name":"n0"}""", """{"kind":"shop","name":"n1"}""", """{"kind":"shop","name":"n5"}""", """{"kind":"shop"}"""]);
        Rows("select id, stars, review from items order by id").ShouldBe(["5 5 {\"stars\":5}", "6 5 {\"stars\":5}", "7 7 {\"stars\":7}"]);

        var again = (await _scene.RunAsync("--full")).Exits(1);
        (again.Count("unchanged"), again.Count("failed"), again.Count("requests")).ShouldBe((3, 3, 0));
        Database.Scalar(_scene[".tidemark/store.db"], "select count(*) from enrichments").ShouldBe(4L);

        // A question that is put otherwise is another one.
        Configure("primary_key: id", body: "{ name: \"{{ record.shop.name }}\" }");
        (await _scene.RunAsync("--full")).Exits(1).Count("requests").ShouldBe(4);
    }

    [Fact]
    [Trait("guarantee", "G82")]
    public async Task Record_without_an_answer_is_kept_and_a_retry_asks_for_it()
    {
        Configure();
        Write(8);
        _server.Answer = r => Asked(r) % 4 == 1 ? Reply.Of(422) : Review(Asked(r));
        var outcome = (await _scene.RunAsync()).Exits(1);
        (outcome.Count("inserted"), outcome.Count("failed")).ShouldBe((6, 2));
        outcome.Stream().GetProperty("rejected").GetRawText().ShouldBe("""{"review: enrich":2}""");
        (await _scene.ToolAsync("failed", "list")).Exits(0).Output.ShouldContain("review: enrich: POST ");
        (await _scene.ToolAsync("failed", "retry", "--all")).Exits(1).Output.ShouldStartWith("items   2 to retry, 0 resolved, 2 still failing\n");

        _server.Answer = r => Review(Asked(r));
        File.Delete(_scene["in.jsonl"]);
        (await _scene.ToolAsync("failed", "retry", "--all")).Exits(0);
        Rows("select id, review from items order by id").ShouldBe(Enumerable.Range(0, 8).Select(i => $"{i} {{\"stars\":{i}}}"));
        _server.Requests.Count.ShouldBe(8 + 2 + 2);
    }

    [Theory]
    [InlineData(503, 3, "failed")]
    [InlineData(429, 5, "parked")]
    [Trait("guarantee", "G82")]
    public async Task Service_that_is_down_or_asks_to_wait_ends_the_run_and_the_next_one_goes_on(int status, int exitCode, string word)
    {
        Configure();
        Write(200);
        _server.Answer = r => Asked(r) < 50 ? Review(Asked(r)) : status == 429 ? Reply.Of(429, "{}", ("Retry-After", "7200")) : Reply.Of(503);
        var stopped = (await _scene.RunAsync()).Exits(exitCode);
        stopped.Status().ShouldBe(word);
        stopped.Count("inserted").ShouldBeInRange(50, 60);

        _server.Answer = r => Review(Asked(r));
        var rest = (await _scene.RunAsync()).Exits(0);
        (await _scene.ToolAsync("failed", "retry", "--all")).Exits(0);
        Rows("select id, review from items order by id").ShouldBe(Enumerable.Range(0, 200).Select(i => $"{i} {{\"stars\":{i}}}"));
        _server.Requests.Where(r => Asked(r) < 50).Select(Asked).ShouldBeUnique();
        rest.Count("requests").ShouldBeLessThan(200);
    }

    [Fact]
    [Trait("guarantee", "G82")]
    public async Task Service_that_is_down_for_an_hour_costs_each_run_a_few_calls_and_no_record()
    {
        const int Records = 600, Parallel = 10;
        Configure(parallel: Parallel);
        Write(Records);
        _server.Answer = _ => Reply.Of(503);
        // A schedule that does not know of it.
        for (var run = 1; run <= 4; run++)
        {
            var outcome = (await _scene.RunAsync()).Exits(3);
            Outcome.Says(outcome.StreamError(), "the service of enrich seems to be down", "503");
            (outcome.Count("inserted"), outcome.Count("failed")).ShouldBe((0, 0));
            // Those that tell that it is down, and those that were under way then.
            outcome.Count("requests").ShouldBeInRange(2 * Parallel, 3 * Parallel);
        }

        _server.Answer = r => Review(Asked(r));
        (await _scene.RunAsync()).Exits(0).Count("requests").ShouldBe(Records);
        Rows("select id, review from items order by id").ShouldBe(Enumerable.Range(0, Records).Select(i => $"{i} {{\"stars\":{i}}}"));
    }

    [Fact]
    public async Task Retry_passes_the_quota_of_the_service_and_tells_reasons()
    {
        Configure("validate: [{ field: review.stars, rule: range, min: 3 }]", quota: "{ budgets: [{ calls: 12, per: 1d }] }");
        Write(8);
        _server.Answer = r => Asked(r) < 6 ? Reply.Of(422) : Review(Asked(r));
        (await _scene.RunAsync()).Exits(1).Count("failed").ShouldBe(6);

        _server.Answer = r => Review(Asked(r));
        // Four calls are left of the day.
        var retry = (await _scene.ToolAsync("failed", "retry", "--all", "--json")).Exits(1).Report.GetProperty("streams")[0];
        _server.Requests.Count.ShouldBe(12);
        var resolved = retry.GetProperty("resolved").GetInt64();
        var rejected = retry.GetProperty("rejected");
        var tooFew = rejected.TryGetProperty("review.stars: range", out var range) ? range.GetInt64() : 0;
        (resolved + tooFew, rejected.GetProperty("review: enrich").GetInt64()).ShouldBe((4, 2));
        (await _scene.ToolAsync("failed", "list")).Exits(0).Output.ShouldContain("the budget of 12 calls per 1d (UTC) is spent");

        Configure("validate: [{ field: review.stars, rule: range, min: 3 }]");
        var again = (await _scene.ToolAsync("failed", "retry", "--all")).Exits(1).Output;
        Outcome.Says(again, "3 still failing", "! 3 rejected by review.stars: range");
    }

    [Fact]
    [Trait("guarantee", "G81")]
    public async Task Run_that_is_told_to_stop_commits_what_is_answered_and_the_next_one_goes_on_there()
    {
        // One at a time: when the tenth is asked, those before it are answered.
        Configure(parallel: 1);
        Write(30);
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource();
        _server.Answer = r =>
        {
            if (Asked(r) == 10) waits.TrySetResult();
            return Review(Asked(r)) with { Hold = Asked(r) == 10 ? never.Task : Task.CompletedTask };
        };
        using (var tool = Tool.Start(_scene.Path, null, "run"))
        {
            await waits.Task;
            await tool.SignalAsync("INT");
            (await tool.EndAsync()).ExitCode.ShouldBe(130);
        }
        never.SetResult();
        Rows("select id from items order by id").ShouldBe(Enumerable.Range(0, 10).Select(i => $"{i}"));

        _server.Answer = r => Review(Asked(r));
        (await _scene.RunAsync()).Exits(0);
        Rows("select id, review from items order by id").ShouldBe(Enumerable.Range(0, 30).Select(i => $"{i} {{\"stars\":{i}}}"));
        _server.Requests.Where(r => Asked(r) < 10).Select(Asked).ShouldBeUnique();
    }

    [Theory]
    [Trait("guarantee", "G83")]
    [InlineData(1)]
    [InlineData(3)]
    public async Task As_many_calls_as_allowed_are_under_way_and_never_more_across_pages_and_slices(int slices)
    {
        const int Parallel = 6, Records = 60;
        var names = Enumerable.Range(0, slices).Select(i => $"part{i}").ToList();
        Configure(slices == 1 ? "batch: { count: 7 }" : $$$"""
            batch: { count: 7 }
            request: { path: "{{ slice }}.jsonl" }
            slices: { by: list, values: [{{{string.Join(", ", names)}}}], parallel: {{{slices}}} }
            """, parallel: Parallel);
        Write(Records);
        var lines = await File.ReadAllLinesAsync(_scene["in.jsonl"]);
        foreach (var (name, part) in names.Zip(lines.Chunk(Records / slices))) _scene.File(name + ".jsonl", string.Join('\n', part));
        var (now, most) = (0, 0);
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Answer = r =>
        {
            var current = Interlocked.Increment(ref now);
            for (var seen = most; current > seen && Interlocked.CompareExchange(ref most, current, seen) != seen; seen = most)
            {
                // Somebody else has raised it.
            }
            if (current == Parallel) full.TrySetResult();
            return Review(Asked(r)) with { Hold = HoldAsync() };
        };
        // The first calls are answered when all slots are taken: fewer at once, and the run would never end.
        async Task HoldAsync()
        {
            await full.Task;
            Interlocked.Decrement(ref now);
        }
        (await _scene.RunAsync()).Exits(0).Count("inserted").ShouldBe(Records);
        most.ShouldBe(Parallel);
        Rows($"select id from items order by {(slices == 1 ? "rowid" : "id")}").ShouldBe(Enumerable.Range(0, Records).Select(i => $"{i}"));
    }

    [Fact]
    [Trait("guarantee", "G81")]
    public async Task Run_that_is_killed_again_and_again_loses_no_record_and_no_answer_that_it_had()
    {
        const int Records = 1500, Parallel = 4;
        Configure("batch: { count: 20 }", parallel: Parallel);
        Write(Records);
        var answered = new ConcurrentQueue<int>();
        _server.Answer = r =>
        {
            answered.Enqueue(Asked(r));
            return Review(Asked(r));
        };
        var random = new Random(20260214);
        var killed = 0;
        for (var run = 0; run < 5; run++)
        {
            using var tool = Tool.Start(_scene.Path, null, "run");
            var before = answered.Count;
            while (!tool.HasExited && answered.Count < before + random.Next(20, 200)) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            if (!tool.HasExited) killed++;
            await tool.KillAsync();
        }
        killed.ShouldBeGreaterThan(3, "most kills must hit a running process, or they prove nothing");
        (await _scene.RunAsync()).Exits(0);
        Rows("select id, review from items order by id").ShouldBe(Enumerable.Range(0, Records).Select(i => $"{i} {{\"stars\":{i}}}"));
        // Only what was under way at a kill, or had just been answered, may be paid for again.
        (answered.Count - Records).ShouldBeInRange(0, killed * 2 * Parallel);
    }

    private static int Asked(Seen request)
    {
        using var body = JsonDocument.Parse(request.Body);
        return body.RootElement.TryGetProperty("name", out var name) ? int.Parse(name.GetString()![1..], CultureInfo.InvariantCulture) : 7;
    }

    private static Reply Review(int stars) => Reply.Json($"{{\"data\":{{\"stars\":{stars}}}}}");

    private void Write(int records) => _scene.File("in.jsonl", string.Concat(Enumerable.Range(0, records).Select(i => $"{{\"id\":{i},\"shop\":{{\"name\":\"n{i}\"}}}}\n")));

    private List<string> Rows(string sql) => [.. Database.Query(_scene.Database, sql).Select(r => string.Join(' ', r.Values.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture))))];

    private void Configure(string keys = "", int parallel = 10, string body = "{ kind: shop, name: \"{{ record.shop.name }}\" }", string quota = "") => _scene.File("tidemark.yaml", $$"""
        name: enriched
        {{(quota.Length == 0 ? "" : $"quotas: {{ service: {quota} }}")}}
        sources:
          shops: { type: file, path: in.jsonl }
          reviews: { type: rest, url: "{{_server.Url}}", retry: { attempts: 1 }{{(quota.Length == 0 ? "" : ", quota: service")}} }
        destinations:
          db: { type: sqlite, path: out.db }
        streams:
          items:
            source: shops
            {{(keys.StartsWith("primary_key", StringComparison.Ordinal) ? "" : "primary_key: id")}}
            enrich: { source: reviews, path: /generate, method: POST, body: {{body}}, records: data, into: review, parallel: {{parallel}} }
        {{string.Join('\n', keys.Split('\n').Select(l => "    " + l))}}

        """);
}
