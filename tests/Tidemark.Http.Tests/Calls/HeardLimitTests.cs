using Tidemark.Http.Tests.Support;
using Tidemark.Quotas;
using Tidemark.Telemetry;

namespace Tidemark.Http.Tests.Calls;

/// <summary>What the server says of its limits, where a quota listens: it is the quota that waits.</summary>
public sealed class HeardLimitTests
{
    private static readonly RestRequest Request = new() { Path = "/a" };

    [Fact]
    public async Task Retry_after_goes_to_the_quota_and_the_next_attempt_waits_there()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(429, "", ("Retry-After", "200")), Reply.Json("[1]"));
        await using var fixture = new Fixture { Quota = new ScriptedQuota { Wait = n => TimeSpan.FromSeconds(n == 2 ? 200 : 0) } };

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        fixture.Quota.Settled.Select(s => s.RetryAfter).ShouldBe([TimeSpan.FromSeconds(200), null]);
        fixture.Time.Waits.ShouldBeEmpty();
        (fixture.Counters[Counter.ThrottledMs], fixture.Counters[Counter.Retries], fixture.Counters[Counter.Requests]).ShouldBe((200_000, 1, 2));
    }

    [Fact]
    public async Task Retry_after_that_the_quota_does_not_listen_to_is_waited_for_here()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(429, "", ("Retry-After", "200")), Reply.Json("[1]"));
        await using var fixture = new Fixture { Quota = new ScriptedQuota { Signals = QuotaSignals.Headers } };

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        fixture.Quota.Settled[0].RetryAfter.ShouldBeNull();
        fixture.Time.Waits.ShouldBe([TimeSpan.FromSeconds(200)]);
        fixture.Counters[Counter.ThrottledMs].ShouldBe(200_000);
    }

    [Fact]
    public async Task Longer_one_of_what_is_heard_and_what_is_not_is_waited_for()
    {
        await using var server = await ScriptedServer.StartAsync(
            Reply.Of(429, "", ("Retry-After", "200"), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "30")), Reply.Json("[1]"));
        await using var fixture = new Fixture { Quota = new ScriptedQuota { Signals = QuotaSignals.Headers } };

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        fixture.Time.Waits.ShouldBe([TimeSpan.FromSeconds(200)]);
    }

    [Fact]
    public async Task Refusal_with_nothing_left_waits_for_the_reset_at_the_quota()
    {
        await using var server = await ScriptedServer.StartAsync(
            Reply.Of(403, "", ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1768046460"), ("Date", "Sat, 10 Jan 2026 12:00:00 GMT")), Reply.Json("[1]"));
        await using var fixture = new Fixture { Quota = new ScriptedQuota() };

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        fixture.Quota.Settled[0].ShouldBe(new QuotaAnswer { Remaining = 0, ResetAfter = TimeSpan.FromMinutes(1) });
        fixture.Time.Waits.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refusal_without_a_time_backs_off_by_our_own_choice()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(429, "", ("X-RateLimit-Remaining", "12"), ("X-RateLimit-Reset", "50")), Reply.Json("[1]"));
        await using var fixture = new Fixture { Quota = new ScriptedQuota() };

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        fixture.Time.Waits.ShouldHaveSingleItem().ShouldBeInRange(TimeSpan.FromTicks(1), TimeSpan.FromSeconds(10));
        fixture.Counters[Counter.ThrottledMs].ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Wait_beyond_park_after_of_the_quota_parks_whatever_attempts_are_left(int attempts)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(429, "", ("Retry-After", "7200")));
        await using var fixture = new Fixture { Quota = new ScriptedQuota { ParkAfter = TimeSpan.FromHours(1) } };

        var parked = await Should.ThrowAsync<ParkedException>(() => fixture.ReadAsync(new RestSource { Url = server.Address, Retry = new RetryDefinition { Attempts = attempts } }, Request));

        parked.Until.ShouldBe(fixture.Time.GetUtcNow().AddHours(2));
        fixture.Quota.Settled.ShouldHaveSingleItem().RetryAfter.ShouldBe(TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task Wait_within_park_after_of_the_quota_does_not_park()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(429, "", ("Retry-After", "1800")), Reply.Json("[1]"));
        await using var fixture = new Fixture { Quota = new ScriptedQuota { ParkAfter = TimeSpan.FromHours(1) } };

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Storm_of_refusals_ends_after_the_attempts()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(429, "slow down", ("Retry-After", "1")));
        await using var fixture = new Fixture { Quota = new ScriptedQuota() };

        (await fixture.FailureAsync(new RestSource { Url = server.Address }, Request)).ShouldContain("answered 429 Too Many Requests, 5 attempts: slow down");

        fixture.Quota.ShouldAgree(fixture.Counters, 5);
        fixture.Counters[Counter.Retries].ShouldBe(4);
    }

    [Fact]
    public async Task Refusal_whose_body_cannot_be_read_is_heard()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(429, "no gzip", ("Retry-After", "20"), ("Content-Encoding", "gzip")), Reply.Json("[1]"));
        await using var fixture = new Fixture { Quota = new ScriptedQuota() };

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        fixture.Quota.Settled[0].RetryAfter.ShouldBe(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Limits_of_another_origin_are_not_those_of_the_source()
    {
        await using var other = await ScriptedServer.StartAsync(Reply.Json("[1]", ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "30"), ("Retry-After", "3")));
        await using var server = await ScriptedServer.StartAsync(Reply.Of(302, "", ("Location", other.Url + "/there"), ("RateLimit-Remaining", "8")));
        await using var fixture = new Fixture { Quota = new ScriptedQuota() };

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        // Its Retry-After is a floor for whoever asks.
        fixture.Quota.Settled.ShouldBe([new QuotaAnswer { Remaining = 8 }, new QuotaAnswer { RetryAfter = TimeSpan.FromSeconds(3) }]);
    }

    [Fact]
    public async Task Tokens_in_a_body_are_the_true_cost_and_a_refusal_waits_for_them()
    {
        await using var server = await ScriptedServer.StartAsync(
            Reply.Of(429, """{"tokensLeft":-3,"refillIn":20000,"refillRate":5,"tokensConsumed":0,"error":{"type":"NOT_ENOUGH_TOKEN"}}"""),
            Reply.Json("""{"tokensLeft":1,"refillIn":60000,"refillRate":5,"tokensConsumed":11,"asinList":["a"]}"""));
        await using var fixture = new Fixture { Quota = new ScriptedQuota { Signals = QuotaSignals.Keepa } };

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request with { Records = "asinList", Cost = 10 });

        fixture.Quota.Settled[0].ShouldBe(new QuotaAnswer { Cost = 0, RetryAfter = TimeSpan.FromSeconds(20), Balance = -3, Capacity = 300, RefillPerSecond = 5 / 60.0 });
        fixture.Quota.Settled[1].ShouldBe(new QuotaAnswer { Cost = 11, Balance = 1, Capacity = 300, RefillPerSecond = 5 / 60.0 });
        fixture.Time.Waits.ShouldBeEmpty();
        fixture.Counters[Counter.Cost].ShouldBe(11);
    }

    [Fact]
    public async Task Token_call_that_is_limited_waits_at_the_quota()
    {
        var tokens = 0;
        await using var server = await ScriptedServer.StartAsync(seen => seen.Path != "/token" ? Reply.Json("[1]")
            : Interlocked.Increment(ref tokens) == 1 ? Reply.Of(429, "", ("Retry-After", "40")) : Reply.Json("""{"access_token":"t"}"""));
        await using var fixture = new Fixture { Quota = new ScriptedQuota() };
        var source = new RestSource
        {
            Url = server.Address,
            Authenticator = new OAuth2ClientCredentialsAuthenticator { TokenUrl = new Uri(server.Address, "/token"), ClientId = "me", ClientSecret = new("hush-hush") },
        };

        await fixture.ReadAsync(source, Request);

        fixture.Quota.Settled[0].RetryAfter.ShouldBe(TimeSpan.FromSeconds(40));
        fixture.Time.Waits.ShouldBeEmpty();
        fixture.Quota.ShouldAgree(fixture.Counters, 3);
    }
}
