using Tidemark.Definitions;
using Tidemark.Lookups;
using Tidemark.Lookups.Keys;
using Tidemark.Records;

namespace Tidemark.Configuration.Tests;

public sealed class LookupTests : IDisposable
{
    private const string Head = """
        name: shop
        sources: { api: { type: rest, url: "http://localhost" } }
        destinations: { db: { type: sqlite, path: shop.db } }
        lookups:
          score:

        """;

    private readonly ConfigurationScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Lookup_is_read_with_all_that_it_asks_for()
    {
        var pipeline = _scene.Read("""
            name: shop
            sources: { api: { type: rest, url: "http://localhost" } }
            destinations: { db: { type: sqlite, path: shop.db } }
            lookups:
              score:
                route: GET /products/score
                params: { asin: { type: text, pattern: "[A-Z0-9]{10}" }, domain: { type: int, min: 1, max: 12, default: 01 }, who: text }
                key: "scoring:{asin}:{domain}"
                key_rest: refuse
                ttl: 6h
                jitter: 5%
                negative_ttl: 1m
                stale_if_error: 7d
                timeout: 10s
                request: { path: "/product/{{ request.asin }}" }
                records: products
                batch: { param: asin, size: 50, match: asin }
                table: scores
                columns: { title: text, roi: { path: stats.roi, type: double }, filters: { from: request, type: json }, asin: { from: request, type: text } }
                indexes: [roi]
                history: { type: scoring, user_id: { header: x-user, param: who }, source: { default: api, values: [api, manual] } }
                memory: 1MiB
                flush: { count: 10, period: 1s }
                price: 0.02
                currency: EUR
                alerts: { entries: 5, average_reuse: 1.5, expired: 10%, min_entries: 7, webhook: "http://localhost/hook?token=hush", every: 10s }
            """);
        var lookup = pipeline.Lookups.Single();
        (lookup.Name, lookup.Path, lookup.Key.ToString(), lookup.KeyRest).ShouldBe(("score", "/products/score", "scoring:{asin}:{domain}", KeyRest.Refuse));
        (lookup.Ttl, lookup.Jitter, lookup.NegativeTtl, lookup.StaleIfError, lookup.Timeout).ShouldBe((TimeSpan.FromHours(6), 0.05, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7), TimeSpan.FromSeconds(10)));
        lookup.Params.Select(p => (p.Name, p.Type)).ShouldBe([("asin", LookupParamType.Text), ("domain", LookupParamType.Int), ("who", LookupParamType.Text)]);
        // A default is read as a caller's value is.
        lookup.Params[1].Default.ShouldBe(new ScalarValue(ScalarKind.Number, "1"));
        lookup.Columns.Select(c => (c.Name, c.Path?.ToString(), c.Type, c.FromRequest)).ShouldBe([("title", null, ColumnType.Text, false), ("roi", "stats.roi", ColumnType.Double, false), ("filters", null, ColumnType.Json, true), ("asin", null, ColumnType.Text, true)]);
        (lookup.Batch!.Param, lookup.Batch.Size, lookup.Batch.Match, lookup.Table, lookup.Memory, lookup.FlushCount, lookup.FlushPeriod).ShouldBe(("asin", 50, "asin", "scores", 1 << 20, 10, TimeSpan.FromSeconds(1)));
        lookup.History!.Params.ShouldBe(["who"]);
        (lookup.Price, lookup.Currency).ShouldBe((0.02, "EUR"));
        lookup.Alerts.ShouldBe(new LookupAlerts { Entries = 5, AverageReuse = 1.5, Expired = 0.1, MinEntries = 7, Webhook = new Secret("http://localhost/hook?token=hush"), Every = TimeSpan.FromSeconds(10) });
        lookup.ToString().ShouldNotContain("hush");
    }

    [Theory]
    [InlineData("ttl: 6h, params: { a: text }, key: \"k:{b}\", request: { path: /x }", "found {b}, which is no parameter")]
    [InlineData("ttl: 6h, params: { a: text }, key: k, request: { path: /x }", "names no parameter")]
    [InlineData("ttl: 0s, params: { a: text }, key: \"{a}\", request: { path: /x }", "expected a duration above 0")]
    [InlineData("params: { a: text }, key: \"{a}\", request: { path: /x }", "the key 'ttl' is missing")]
    [InlineData("ttl: 6h, params: { a: number, b: { type: int, default: x } }, key: \"{a}\", request: { path: /x }", "a default is none that a caller may give: found 'x' in 'b'")]
    [InlineData("ttl: 6h, params: { a: { type: text, pattern: \"[\" } }, key: \"{a}\", request: { path: /x }", "which is no regular expression")]
    [InlineData("ttl: 6h, params: { a: { type: text, pattern: \"(?=a)b\" } }, key: \"{a}\", request: { path: /x }", "which needs to go back in the text")]
    [InlineData("ttl: 6h, params: { a: { type: int, pattern: x } }, key: \"{a}\", request: { path: /x }", "found a pattern, which is for texts only")]
    [InlineData("ttl: 6h, params: { a: { min: 1 } }, key: \"{a}\", request: { path: /x }", "found a bound, which is for numbers only")]
    [InlineData("ttl: 6h, params: { a-b: text }, key: \"{a-b}\", request: { path: /x }", "expected letters, digits and '_'")]
    [InlineData("ttl: 6h, params: { a: text }, key: \"{a}\", request: { path: \"/x/{{ request.b }}\" }", "found request.b, which is no parameter")]
    [InlineData("ttl: 6h, params: { a: text }, key: \"{a}\", request: { path: \"/x/{{ watermark }}\" }", "expected no other name than request.NAME")]
    [InlineData("ttl: 6h, params: { a: text }, key: \"{a}\", request: { path: /x }, columns: { hit_count: bigint }", "which each table of a lookup has already")]
    [InlineData("ttl: 6h, params: { a: text }, key: \"{a}\", request: { path: /x }, columns: { b: { from: request, type: text } }", "is to have the parameter 'b', which there is not")]
    [InlineData("ttl: 6h, params: { a: text }, key: \"{a}\", request: { path: /x }, batch: { param: a, match: id }", "say where with records")]
    [InlineData("ttl: 6h, params: { a: text }, key: \"{a}\", request: { path: /x }, records: r, batch: { param: a, match: id }", "nothing in the request asks for {{ request.a }}")]
    [InlineData("ttl: 6h, params: { a: text }, key: \"{a}\", request: { path: /x }, history: { user_id: { param: a } }", "what history takes leads to no other answer")]
    [InlineData("ttl: 6h, params: { a: text }, key: \"{a}\", request: { path: /x }, history: { results: b }", "found 'b', which is no column")]
    [InlineData("ttl: 6h, params: { a: text }, key: \"{a}\", request: { path: /x }, source: apj", "which is no source; did you mean 'api'?")]
    [InlineData("ttl: 6h, params: { a: text }, key: \"{a}\", request: { path: /x }, destination: dx", "which is no destination")]
    [InlineData("ttl: 6h, params: { a: text }, key: \"{a}\", request: { path: /x }, route: PUT /x", "expected GET and a path")]
    [InlineData("ttl: 6h, params: { a: text }, key: \"{a}\", request: { path: /x }, route: /v1/x", "one of the server's own")]
    [InlineData("ttl: 6h, params: { a: text }, key: \"{a}\", request: { path: /x }, jitter: 100%", "leaves no time to live")]
    [InlineData("ttl: 6h, params: { a: text }, key: \"{a}\", request: { path: /x }, tttl: 1s", "unknown key 'tttl'")]
    public void Mistake_is_told_with_its_place(string lookup, string expected) => _scene.Errors($"{Head}    {{ {lookup} }}").ShouldContain(e => e.StartsWith("tidemark.yaml:", StringComparison.Ordinal) && e.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Path_of_another_route_is_refused_and_streams_have_no_caller()
    {
        _scene.Errors("""
            name: shop
            sources: { api: { type: rest, url: "http://localhost" } }
            destinations: { db: { type: sqlite, path: shop.db } }
            endpoints: { push: { route: /x, write: [{ table: t }] } }
            lookups: { a: { route: /x, ttl: 1h, params: { a: text }, key: "{a}", request: { path: /y } } }
            """).ShouldHaveSingleItem().ShouldContain("which is that of 'push' already");
        _scene.Errors(ConfigurationScene.Head + "  s: { request: { path: \"/x/{{ request.a }}\" } }").ShouldHaveSingleItem().ShouldContain("only lookups know it");
    }
}
