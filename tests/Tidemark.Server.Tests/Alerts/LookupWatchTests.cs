using System.Text.Json;
using Tidemark.Server.Tests.Support;
using Tidemark.Tests.Shared;

namespace Tidemark.Server.Tests.Alerts;

/// <summary>Alerts of a lookup as somebody hears of them: over real HTTP, on the manual clock.</summary>
public sealed class LookupWatchTests : IAsyncLifetime
{
    private ScriptedServer _api = null!;
    private ScriptedServer _hook = null!;
    private ServerScene _scene = null!;

    public async Task InitializeAsync()
    {
        _api = await ScriptedServer.StartAsync(_ => Reply.Json("""{"title":"Thing"}"""));
        _hook = await ScriptedServer.StartAsync(_ => Reply.Of(204, ""));
        _scene = await ServerScene.StartAsync(Configuration(limit: 1));
    }

    public async Task DisposeAsync()
    {
        await _scene.DisposeAsync();
        await _api.DisposeAsync();
        await _hook.DisposeAsync();
    }

    [Fact]
    [Trait("guarantee", "G166")]
    public async Task Start_and_end_are_posted_once_each_and_the_hourly_clean_up_ends_it()
    {
        await BuyAsync("a", "b");
        await PassTimeUntilAsync(posts: 1);
        var seen = _hook.Requests.Single();
        (seen.Method, seen.Target, seen.Headers["Content-Type"]).ShouldBe(("POST", "/alerts?token=hush", "application/json"));
        var started = JsonDocument.Parse(seen.Body).RootElement;
        started.EnumerateObject().Select(p => p.Name).ShouldBe(["id", "event", "state", "pipeline", "lookup", "alert", "value", "limit", "message", "started_at", "ended_at"]);
        (started.GetProperty("state").GetString(), started.GetProperty("alert").GetString(), started.GetProperty("value").GetInt32(), started.GetProperty("limit").GetInt32(), started.GetProperty("message").GetString())
            .ShouldBe(("started", "entries", 2, 1, "thing: 2 entries, more than 1"));
        seen.Headers["Idempotency-Key"].ShouldBe(started.GetProperty("id").GetString());
        (await _scene.GetAsync("/metrics")).Body.ShouldContain("tidemark_lookup_alert{pipeline=\"scene\",stream=\"thing\",source=\"api\",alert=\"entries\"} 1");
        (await _scene.GetAsync("/v1/lookups")).Json.GetProperty("lookups")[0].GetProperty("alerts").EnumerateArray().Select(a => a.GetString()).ShouldBe(["entries"]);

        // Past their time to live they stay for a day, and until the hour is full: nothing new is told before, whatever is reloaded.
        await _scene.ReloadAsync(Configuration(limit: 1, name: "again"));
        await PassTimeUntilAsync(posts: 2);
        _scene.Time.GetUtcNow().ShouldBeGreaterThanOrEqualTo(new DateTimeOffset(2026, 1, 11, 18, 0, 0, TimeSpan.Zero));
        var over = JsonDocument.Parse(_hook.Requests[1].Body).RootElement;
        (over.GetProperty("state").GetString(), over.GetProperty("value").GetInt32(), over.GetProperty("started_at").GetString()).ShouldBe(("over", 0, started.GetProperty("started_at").GetString()));
        over.GetProperty("ended_at").GetDateTimeOffset().ShouldBeGreaterThan(started.GetProperty("started_at").GetDateTimeOffset());
        (await _scene.GetAsync("/v1/lookups")).Json.GetProperty("lookups")[0].GetProperty("entries").GetInt32().ShouldBe(0);
    }

    [Fact]
    [Trait("guarantee", "G166")]
    public async Task Receiver_that_is_down_is_tried_again_with_the_same_id_and_readers_do_not_wait()
    {
        var hold = new TaskCompletionSource();
        _hook.Answer = ScriptedServer.InOrder(Reply.Of(500) with { Hold = hold.Task }, Reply.Of(429), Reply.Of(204, ""));
        await BuyAsync("a", "b");
        await PassTimeUntilAsync(posts: 1);
        (await _scene.GetAsync("/things?id=a")).Json.GetProperty("cached").GetBoolean().ShouldBeTrue();
        hold.SetResult();
        await PassTimeUntilAsync(posts: 3);
        _hook.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(400, 1)]
    [InlineData(302, 1)]
    [InlineData(503, 4)]
    [Trait("guarantee", "G166")]
    public async Task Receiver_that_does_not_take_it_is_given_up(int status, int posts)
    {
        _hook.Answer = seen => seen.Body.Contains("started", StringComparison.Ordinal) && seen.Body.Contains("\"state\":\"started\"", StringComparison.Ordinal) ? Reply.Of(status, "{}", ("Location", _hook.Url + "/else")) : Reply.Of(204, "");
        await BuyAsync("a", "b");
        await PassTimeUntilAsync(posts);
        // The next thing that it hears is that it is over.
        await PassTimeUntilAsync(posts + 1);
        _hook.Requests.Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("state").GetString()).ShouldBe([.. Enumerable.Repeat("started", posts), "over"]);
        _hook.Requests.ShouldAllBe(r => r.Path == "/alerts");
    }

    private string Configuration(int limit, string name = "first") => $$$"""
        name: {{{ServerScene.Pipeline}}}
        sources: { api: { type: rest, url: "{{{_api.Url}}}", headers: { x-generation: {{{name}}} } } }
        destinations: { local: { type: sqlite, path: out.db } }
        lookups:
          thing:
            route: GET /things
            params: { id: text }
            key: "thing:{id}"
            ttl: 6h
            jitter: 0%
            stale_if_error: 1d
            request: { path: /thing, params: { id: "{{ request.id }}" } }
            alerts: { entries: {{{limit}}}, average_reuse: 0, expired: 100%, webhook: "{{{_hook.Url}}}/alerts?token=hush" }
        """;

    private async Task BuyAsync(params string[] ids)
    {
        foreach (var id in ids) (await _scene.GetAsync($"/things?id={id}")).Status.ShouldBe(200);
    }

    // Whoever waits for the clock is let run between its steps by a call to the server.
    private async Task PassTimeUntilAsync(int posts)
    {
        while (_hook.Requests.Count < posts)
        {
            await _scene.GetAsync("/health/live");
            _scene.Time.Advance(TimeSpan.FromSeconds(30));
        }
        _hook.Requests.Count.ShouldBe(posts);
    }
}
