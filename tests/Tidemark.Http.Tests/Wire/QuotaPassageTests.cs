using Tidemark.Definitions;
using Tidemark.Http.Tests.Support;
using Tidemark.Quotas;
using Tidemark.Telemetry;

namespace Tidemark.Http.Tests.Wire;

public sealed class QuotaPassageTests
{
    private static readonly RestRequest Request = new() { Path = "/a" };

    [Fact]
    public async Task Pages_retries_redirects_and_token_calls_all_pass()
    {
        var calls = 0;
        await using var server = await ScriptedServer.StartAsync(seen => (seen.Path, Interlocked.Increment(ref calls)) switch
        {
            ("/token", _) => Reply.Json("""{"access_token":"t"}"""),
            ("/a", _) => Reply.Of(307, "", ("Location", "/b" + (seen.QueryText.Length > 0 ? "?" + seen.QueryText : ""))),
            ("/b", 3) => Reply.Of(503),
            ("/b", _) when seen.Query("cursor") is null => Reply.Json("""{"items":[1],"next":"x"}"""),
            _ => Reply.Json("""{"items":[2]}"""),
        });
        await using var fixture = new Fixture { Quota = new ScriptedQuota() };
        var source = new RestSource
        {
            Url = server.Address,
            Authenticator = new OAuth2ClientCredentialsAuthenticator { TokenUrl = new Uri(server.Address, "/token"), ClientId = "me", ClientSecret = new Secret("hush-hush") },
            Quota = new QuotaUse("q", Cost: 2),
        };

        var pages = await fixture.ReadAsync(source, new RestRequest { Path = "/a", Records = "items", Paginator = new CursorPaginator { CursorPath = "next" }, Cost = 3.5 });

        pages.SelectMany(p => p.Records).ShouldBe(["1", "2"]);
        server.Requests.Select(r => r.Path).ShouldBe(["/token", "/a", "/b", "/a", "/b", "/a", "/b"]);
        fixture.Quota.ShouldAgree(fixture.Counters, server.Requests.Count);
        // A token costs what any call of the source does, the stream's own calls what its request says; the counter rounds each up.
        fixture.Quota.Asked.Select(a => a.Cost).ShouldBe([2, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5]);
        fixture.Counters[Counter.Cost].ShouldBe(2 + (6 * 4));
        fixture.Quota.Asked.ShouldAllBe(a => a.Stream == "s" && a.Timeout == TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Wait_for_the_quota_counts_as_throttled()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("[1]"));
        await using var fixture = new Fixture { Quota = new ScriptedQuota { Wait = _ => TimeSpan.FromSeconds(1.5) } };

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        fixture.Counters[Counter.ThrottledMs].ShouldBe(1500);
        fixture.Counters[Counter.Retries].ShouldBe(0);
    }

    [Fact]
    public async Task Wait_for_the_quota_is_not_part_of_the_timeout()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("[1]"));
        Fixture? held = null;
        await using var fixture = held = new Fixture
        {
            Quota = new ScriptedQuota
            {
                Before = (_, _) =>
                {
                    held!.Time.Advance(TimeSpan.FromMinutes(40));
                    return Task.CompletedTask;
                },
            },
        };

        await fixture.ReadAsync(new RestSource { Url = server.Address, Timeout = TimeSpan.FromMinutes(20) }, Request);

        server.Requests.Count.ShouldBe(1);
        fixture.Counters[Counter.Retries].ShouldBe(0);
    }

    [Fact]
    public async Task Permit_that_is_not_fresh_is_given_back_and_another_taken()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("[1]"));
        await using var fixture = new Fixture { Quota = new ScriptedQuota { Fresh = n => n > 2, Wait = n => TimeSpan.FromSeconds(n) } };

        await fixture.ReadAsync(new RestSource { Url = server.Address }, Request);

        fixture.Quota.Settled.Select(s => s.Sent).ShouldBe([false, false, true]);
        fixture.Quota.ShouldAgree(fixture.Counters, server.Requests.Count);
        fixture.Counters[Counter.ThrottledMs].ShouldBe(6000);
        fixture.Counters[Counter.Cost].ShouldBe(1);
    }

    [Fact]
    public async Task Token_that_expires_during_the_wait_is_fetched_again_once()
    {
        var tokens = 0;
        await using var server = await ScriptedServer.StartAsync(seen => seen.Path == "/token"
            ? Reply.Json($$"""{"access_token":"token-{{Interlocked.Increment(ref tokens)}}","expires_in":60}""")
            : Reply.Json("[1]"));
        Fixture? held = null;
        await using var fixture = held = new Fixture
        {
            Quota = new ScriptedQuota
            {
                // Each call has to wait longer than a token lives.
                Before = (_, _) =>
                {
                    held!.Time.Advance(TimeSpan.FromMinutes(2));
                    return Task.CompletedTask;
                },
            },
        };
        var source = new RestSource
        {
            Url = server.Address,
            Authenticator = new OAuth2ClientCredentialsAuthenticator { TokenUrl = new Uri(server.Address, "/token"), ClientId = "me", ClientSecret = new Secret("hush-hush") },
        };

        await fixture.ReadAsync(source, Request);

        server.Requests.Select(r => (r.Path, r.Header("Authorization"))).ShouldBe([("/token", null), ("/token", null), ("/a", "Bearer token-2")]);
        fixture.Quota.Settled.Select(s => s.Sent).ShouldBe([true, false, true, true]);
        fixture.Quota.ShouldAgree(fixture.Counters, 3);
    }

    [Fact]
    public async Task Stop_ends_the_wait_for_the_quota()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("[1]"));
        using var stop = new CancellationTokenSource();
        var never = new TaskCompletionSource();
        await using var fixture = new Fixture
        {
            Quota = new ScriptedQuota
            {
                Before = (_, cancellationToken) =>
                {
                    stop.Cancel();
                    return never.Task.WaitAsync(cancellationToken);
                },
            },
        };

        await Should.ThrowAsync<OperationCanceledException>(() => fixture.ReadAsync(new RestSource { Url = server.Address }, Request, cancellationToken: stop.Token));

        (server.Requests.Count, fixture.Quota.Settled.Count, fixture.Counters[Counter.Requests]).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Stop_just_after_the_permit_sends_nothing_and_spends_nothing()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("[1]"));
        using var stop = new CancellationTokenSource();
        await using var fixture = new Fixture
        {
            Quota = new ScriptedQuota
            {
                Wait = _ =>
                {
                    stop.Cancel();
                    return TimeSpan.Zero;
                },
            },
        };

        await Should.ThrowAsync<OperationCanceledException>(() => fixture.ReadAsync(new RestSource { Url = server.Address }, Request, cancellationToken: stop.Token));

        fixture.Quota.Settled.ShouldHaveSingleItem().Sent.ShouldBeFalse();
        (server.Requests.Count, fixture.Counters[Counter.Requests], fixture.Counters[Counter.Cost]).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Stop_during_a_call_settles_it_as_sent()
    {
        using var stop = new CancellationTokenSource();
        var never = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(_ =>
        {
            stop.Cancel();
            return Reply.Json("[0]") with { Hold = never.Task };
        });
        await using var fixture = new Fixture { Quota = new ScriptedQuota() };

        await Should.ThrowAsync<OperationCanceledException>(() => fixture.ReadAsync(new RestSource { Url = server.Address }, Request, cancellationToken: stop.Token));
        never.SetResult();

        fixture.Quota.ShouldAgree(fixture.Counters, 1);
    }

    [Fact]
    public async Task Calls_that_time_out_break_off_or_are_refused_are_settled_as_sent()
    {
        var never = new TaskCompletionSource();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = 0;
        await using var server = await ScriptedServer.StartAsync(_ =>
        {
            switch (Interlocked.Increment(ref calls))
            {
                case 1:
                    arrived.SetResult();
                    return Reply.Json("[0]") with { Hold = never.Task };
                case 2:
                    return Reply.Json("""[{"id":1}]""") with { CutAfter = 3 };
                case 3:
                    return Reply.Json("""[{"id":""");
                default:
                    return Reply.Json("[1]");
            }
        });
        await using var fixture = new Fixture { Quota = new ScriptedQuota() };

        var reading = fixture.ReadAsync(new RestSource { Url = server.Address, Timeout = TimeSpan.FromMinutes(20) }, Request);
        await arrived.Task;
        fixture.Time.Advance(TimeSpan.FromMinutes(20));
        await reading;
        never.SetResult();

        fixture.Quota.ShouldAgree(fixture.Counters, 4);
        fixture.Counters[Counter.Retries].ShouldBe(3);
    }

    [Fact]
    public async Task Call_that_finds_no_server_is_settled_too()
    {
        await using var fixture = new Fixture { Quota = new ScriptedQuota() };

        await fixture.FailureAsync(new RestSource { Url = Fixture.Nowhere, Retry = new RetryDefinition { Attempts = 2 } }, Request);

        fixture.Quota.ShouldAgree(fixture.Counters, 2);
    }

    [Fact]
    public async Task Quota_that_parks_ends_the_reading()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""{"items":[1],"next":"x"}"""));
        var until = new DateTimeOffset(2026, 1, 11, 0, 0, 0, TimeSpan.Zero);
        await using var fixture = new Fixture { Quota = new ScriptedQuota { Before = (n, _) => n == 1 ? Task.CompletedTask : throw new ParkedException("the budget is spent", until) } };

        var parked = await Should.ThrowAsync<ParkedException>(() =>
            fixture.ReadAsync(new RestSource { Url = server.Address }, new RestRequest { Records = "items", Paginator = new CursorPaginator { CursorPath = "next" } }));

        parked.Until.ShouldBe(until);
        (server.Requests.Count, fixture.Counters[Counter.Requests], fixture.Counters[Counter.Retries]).ShouldBe((1, 1, 0));
    }
}
