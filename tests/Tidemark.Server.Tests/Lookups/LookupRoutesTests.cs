using System.Globalization;
using System.Text.Json;
using Tidemark.Server.Tests.Support;
using Tidemark.Tests.Shared;

namespace Tidemark.Server.Tests.Lookups;

/// <summary>What an application sees that asks here instead of the API: over real HTTP on both sides.</summary>
public sealed class LookupRoutesTests : IAsyncLifetime
{
    private ScriptedServer _api = null!;
    private ServerScene _scene = null!;

    private string Configuration => $$$"""
        name: {{{ServerScene.Pipeline}}}
        quotas: { tokens: { bucket: { capacity: 100, refill: 1, interval: 1m }, signals: [retry-after, headers, keepa] } }
        sources: { api: { type: rest, url: "{{{_api.Url}}}", quota: tokens, retry: { attempts: 1 }, error_handler: [{ status: [404], action: ignore }] } }
        destinations: { local: { type: sqlite, path: out.db } }
        lookups:
          score:
            route: GET /products/score
            params: { asin: { type: text, pattern: "[A-Z0-9]{10}" }, domain: { type: int, min: 1, max: 12, default: 1 }, condition: text, user: text }
            key: "scoring:{asin}:{domain}"
            ttl: 6h
            jitter: 0%
            stale_if_error: 1d
            timeout: 10s
            request: { path: /product, params: { asin: "{{ request.asin }}", selection: { domain: "{{ request.domain }}", condition: "{{ request.condition }}" } } }
            records: products
            batch: { param: asin, size: 100, match: asin }
            table: scores
            columns: { asin: text, title: text, roi: { path: stats.roi, type: double } }
            history: { type: scoring, user_id: { header: X-User-Id, param: user }, source: { header: X-Source, default: api, values: [frontend, api, manual] } }
        """;

    public async Task InitializeAsync()
    {
        _api = await ScriptedServer.StartAsync(Answer);
        _scene = await ServerScene.StartAsync(Configuration);
    }

    public async Task DisposeAsync()
    {
        await _scene.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task Answer_is_bought_once_and_told_apart_from_a_kept_one()
    {
        var first = await _scene.GetAsync("/products/score?asin=B00EXAMPLE&domain=1");
        first.Status.ShouldBe(200);
        first.Body.ShouldBe("""{"value":{"asin":"B00EXAMPLE","title":"Thing B00EXAMPLE","roi":0.35},"cached":false,"stale":false,"hit_count":0,"created_at":"2026-01-10T12:00:00Z","expires_at":"2026-01-10T18:00:00Z","cost":1}""");
        (first.Header("Age"), first.Header("Cache-Status"), first.Header("Cache-Control")).ShouldBe(("0", "tidemark; fwd=uri-miss; stored; ttl=21600", "no-store"));
        _scene.Time.Advance(TimeSpan.FromMinutes(10));
        var second = await _scene.GetAsync("/products/score?asin=B00EXAMPLE");
        second.Body.ShouldBe("""{"value":{"asin":"B00EXAMPLE","title":"Thing B00EXAMPLE","roi":0.35},"cached":true,"stale":false,"hit_count":1,"created_at":"2026-01-10T12:00:00Z","expires_at":"2026-01-10T18:00:00Z","cost":0}""");
        (second.Header("Age"), second.Header("Cache-Status")).ShouldBe(("600", "tidemark; hit; ttl=21000"));
        (await _scene.SendAsync(HttpMethod.Post, "/products/score", """{"asin":"B00EXAMPLE"}""")).Json.GetProperty("hit_count").GetInt32().ShouldBe(2);
        _api.Requests.Count.ShouldBe(1);
        // A number stays a number, and what is not there is left out.
        Uri.UnescapeDataString(_api.Requests[0].Target).ShouldBe("""/product?asin=B00EXAMPLE&selection={"domain":1}""");
    }

    [Theory]
    [InlineData("?asin=NOASIN", "found 'NOASIN' in 'asin', expected a text like [A-Z0-9]{10}")]
    [InlineData("?domain=1", "the parameter 'asin' is missing")]
    [InlineData("?asin=B00EXAMPLE&domain=99", "found '99' in 'domain', expected a whole number from 1 to 12")]
    [InlineData("?asin=B00EXAMPLE&asin=B00EXAMPLF", "the parameter 'asin' is there twice")]
    [InlineData("?asin=B00EXAMPLE&price=3", "unknown parameter 'price'")]
    [Trait("guarantee", "G164")]
    public async Task Bad_input_costs_nothing(string query, string expected)
    {
        var answer = await _scene.GetAsync("/products/score" + query);
        (answer.Status, answer.Code).ShouldBe((400, "bad_parameter"));
        answer.Detail.ShouldContain(expected);
        _api.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Bad_bodies_and_headers_cost_nothing()
    {
        (await _scene.SendAsync(HttpMethod.Post, "/products/score", "{")).Code.ShouldBe("broken_json");
        (await _scene.SendAsync(HttpMethod.Post, "/products/score", """[{"asin":"B00EXAMPLE"},{"asin":"x"}]""")).Detail.ShouldStartWith("item 1: found 'x' in 'asin'");
        (await _scene.SendAsync(HttpMethod.Post, "/products/score", "asin=B00EXAMPLE", "application/x-www-form-urlencoded")).Status.ShouldBe(415);
        (await _scene.GetAsync("/products/score?asin=B00EXAMPLE", ("X-Source", "elsewhere"))).Detail.ShouldContain("as source, expected frontend, api, manual");
        (await _scene.SendAsync(HttpMethod.Post, "/products/score", $$"""{"asin":"{{new string('B', 10_000)}}"}""")).Code.ShouldBe("bad_parameter");
        _api.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task List_of_keys_is_one_call_and_keeps_its_order()
    {
        await _scene.GetAsync("/products/score?asin=B00EXAMPLE");
        var answer = await _scene.SendAsync(HttpMethod.Post, "/products/score", """[{"asin":"B00000000C"},{"asin":"B00EXAMPLE"},{"asin":"B0MISSING0"},{"asin":"B00000000A"}]""", headers: ("X-User-Id", "u1"));
        answer.Json.EnumerateArray().Select(a => (a.GetProperty("value").ValueKind == JsonValueKind.Null ? null : a.GetProperty("value").GetProperty("asin").GetString(), a.GetProperty("cached").GetBoolean()))
            .ShouldBe([("B00000000C", false), ("B00EXAMPLE", true), (null, false), ("B00000000A", false)]);
        _api.Requests.Count.ShouldBe(2);
        Uri.UnescapeDataString(_api.Requests[1].Target).ShouldContain("asin=B00000000C,B0MISSING0,B00000000A&");
    }

    [Fact]
    public async Task Old_answer_is_marked_and_without_one_the_status_says_what_is_wrong()
    {
        await _scene.GetAsync("/products/score?asin=B00EXAMPLE");
        _scene.Time.Advance(TimeSpan.FromHours(7));
        _api.Answer = _ => Reply.Of(500);
        var old = await _scene.GetAsync("/products/score?asin=B00EXAMPLE");
        (old.Status, old.Json.GetProperty("stale").GetBoolean(), old.Header("Cache-Status")).ShouldBe((200, true, "tidemark; hit; ttl=-3600; detail=stale"));
        (await _scene.GetAsync("/products/score?asin=B0OTHER000")).Code.ShouldBe("source_failed");
        _api.Answer = _ => Reply.Json("<html>");
        (await _scene.GetAsync("/products/score?asin=B0OTHER000")).Status.ShouldBe(502);
        _api.Answer = _ => Reply.Json("""{"tokensLeft":90,"tokensConsumed":1,"refillRate":1,"refillIn":1,"products":[{"asin":"B0OTHER000","stats":{"roi":"a lot"}}]}""");
        var misfit = await _scene.GetAsync("/products/score?asin=B0OTHER000");
        (misfit.Status, misfit.Code).ShouldBe((502, "answer_does_not_fit"));
        misfit.Detail.ShouldContain("roi");
        // The bucket is empty, and the next token is an hour away.
        _api.Answer = _ => Reply.Of(429, """{"timestamp":1,"tokensLeft":-60,"refillIn":1000,"refillRate":1,"tokensConsumed":0,"error":{"type":"NOT_ENOUGH_TOKEN"}}""");
        var empty = await _scene.GetAsync("/products/score?asin=B0OTHER000");
        (empty.Status, empty.Code).ShouldBe((503, "quota_exhausted"));
        int.Parse(empty.Header("Retry-After")!, CultureInfo.InvariantCulture).ShouldBeGreaterThan(60);
        var calls = _api.Requests.Count;
        (await _scene.GetAsync("/products/score?asin=B0OTHER001")).Status.ShouldBe(503);
        _api.Requests.Count.ShouldBe(calls, "the quota knows that there is none left");
        (await _scene.GetAsync("/products/score?asin=B00EXAMPLE")).Json.GetProperty("stale").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Api_that_is_slow_is_a_504_after_the_timeout_and_an_old_answer_where_there_is_one()
    {
        await _scene.GetAsync("/products/score?asin=B00EXAMPLE");
        _scene.Time.Advance(TimeSpan.FromHours(7));
        var hold = new TaskCompletionSource();
        var answer = _api.Answer;
        _api.Answer = seen => answer(seen) with { Hold = hold.Task };
        var (old, none) = (_scene.GetAsync("/products/score?asin=B00EXAMPLE"), _scene.GetAsync("/products/score?asin=B0OTHER000"));
        while (!(old.IsCompleted && none.IsCompleted))
        {
            await _scene.GetAsync("/health/live");
            if (_api.Requests.Count == 3) _scene.Time.Advance(TimeSpan.FromSeconds(1));
        }
        hold.SetResult();
        ((await old).Status, (await old).Json.GetProperty("stale").GetBoolean()).ShouldBe((200, true));
        ((await none).Status, (await none).Code).ShouldBe((504, "source_timeout"));
        (await none).Detail.ShouldBe("the source has not answered within 10s (timeout)");
    }

    [Fact]
    public async Task Keys_open_only_their_own_route()
    {
        var reader = await _scene.AddKeyAsync("app", routes: "/products/score");
        var other = await _scene.AddKeyAsync("other", routes: "/products/else");
        (await _scene.GetAsync("/products/score?asin=B00EXAMPLE")).Status.ShouldBeOneOf(200, 401);
        _scene.Time.Advance(TimeSpan.FromMinutes(5));
        (await _scene.GetAsync("/products/score?asin=B00EXAMPLE")).Status.ShouldBe(401);
        (await _scene.GetAsync("/products/score?asin=B00EXAMPLE", ("X-API-Key", other))).Status.ShouldBe(403);
        (await _scene.GetAsync("/products/score?asin=B00EXAMPLE", ("X-API-Key", reader))).Status.ShouldBe(200);
        (await _scene.GetAsync("/v1/lookups", ("X-API-Key", reader))).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Figures_openapi_and_metrics_tell_of_it()
    {
        for (var i = 0; i < 4; i++) await _scene.GetAsync("/products/score?asin=B00EXAMPLE", ("X-User-Id", "u1"));
        var figures = (await _scene.GetAsync("/v1/lookups")).Json.GetProperty("lookups")[0];
        (figures.GetProperty("entries").GetInt32(), figures.GetProperty("total_hits").GetInt32(), figures.GetProperty("hits").GetInt32(), figures.GetProperty("misses").GetInt32()).ShouldBe((1, 3, 3, 1));
        (figures.GetProperty("hit_ratio").GetDouble(), figures.GetProperty("cost_spent").GetDouble(), figures.GetProperty("cost_saved").GetDouble()).ShouldBe((0.75, 1, 3));
        var paths = (await _scene.GetAsync("/openapi/v1.json")).Json.GetProperty("paths").GetProperty("/products/score");
        paths.GetProperty("get").GetProperty("parameters").EnumerateArray().Select(p => $"{p.GetProperty("name").GetString()} {p.GetProperty("required").GetBoolean()}").ShouldBe(["asin True", "domain False", "condition False", "user False"]);
        var metrics = (await _scene.GetAsync("/metrics")).Body;
        metrics.ShouldContain("tidemark_lookup_hits_total{pipeline=\"scene\",stream=\"score\",source=\"api\"}");
        metrics.ShouldContain("tidemark_lookup_cost_spent_total");
    }

    private static Reply Answer(Seen seen)
    {
        var asins = System.Web.HttpUtility.ParseQueryString(seen.Target[seen.Target.IndexOf('?', StringComparison.Ordinal)..])["asin"]!.Split(',');
        var products = asins.Where(a => a != "B0MISSING0").Select(a => $$$"""{"asin":"{{{a}}}","title":"Thing {{{a}}}","stats":{"roi":0.35}}""");
        return Reply.Json($$"""{"tokensLeft":90,"tokensConsumed":{{asins.Length}},"refillRate":1,"refillIn":1,"products":[{{string.Join(',', products)}}]}""");
    }
}
