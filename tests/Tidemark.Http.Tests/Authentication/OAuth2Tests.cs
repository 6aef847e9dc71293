using Tidemark.Definitions;
using Tidemark.Http.Tests.Support;
using Tidemark.Telemetry;

namespace Tidemark.Http.Tests.Authentication;

public sealed class OAuth2Tests
{
    private int _tokens;

    private Reply Token() => Reply.Json($$"""{"access_token":"token-{{Interlocked.Increment(ref _tokens)}}","expires_in":3600}""");

    private static RestSource Source(ScriptedServer server) => new()
    {
        Url = server.Address,
        Authenticator = new OAuth2ClientCredentialsAuthenticator
        {
            TokenUrl = new Uri(server.Address, "/token"), ClientId = "me", ClientSecret = new Secret("hush-hush"), Scopes = ["read", "list"], Audience = "api",
        },
    };

    [Fact]
    public async Task Token_is_fetched_once_kept_and_counted()
    {
        await using var server = await ScriptedServer.StartAsync(seen => seen.Path == "/token" ? Token() : Reply.Json("[1]"));
        await using var fixture = new Fixture();

        await fixture.ReadAsync(Source(server), new RestRequest { Path = "/a" });
        await fixture.ReadAsync(Source(server), new RestRequest { Path = "/b" });

        server.Requests.Select(r => (r.Path, r.Header("Authorization"))).ShouldBe([("/token", null), ("/a", "Bearer token-1"), ("/b", "Bearer token-1")]);
        server.Requests[0].Body.ShouldBe("grant_type=client_credentials&client_id=me&client_secret=hush-hush&scope=read+list&audience=api");
        fixture.Counters[Counter.Requests].ShouldBe(3);
    }

    [Fact]
    public async Task Token_is_fetched_again_shortly_before_it_expires()
    {
        await using var server = await ScriptedServer.StartAsync(seen => seen.Path == "/token" ? Token() : Reply.Json("[1]"));
        await using var fixture = new Fixture();

        await fixture.ReadAsync(Source(server), new RestRequest());
        fixture.Time.Advance(TimeSpan.FromSeconds(3600 - 59));
        await fixture.ReadAsync(Source(server), new RestRequest());

        server.Requests[^1].Header("Authorization").ShouldBe("Bearer token-2");
    }

    [Fact]
    public async Task Token_that_is_refused_is_fetched_again_once()
    {
        await using var server = await ScriptedServer.StartAsync(seen =>
            seen.Path == "/token" ? Token() : seen.Header("Authorization") == "Bearer token-2" ? Reply.Json("[1]") : Reply.Of(401));
        await using var fixture = new Fixture();

        (await fixture.ReadAsync(Source(server), new RestRequest { Path = "/a" }))[0].Records.ShouldBe(["1"]);

        server.Requests.Select(r => r.Path).ShouldBe(["/token", "/a", "/token", "/a"]);
    }

    [Fact]
    public async Task Token_that_stays_refused_fails()
    {
        await using var server = await ScriptedServer.StartAsync(seen => seen.Path == "/token" ? Token() : Reply.Of(401, "token-1 token-2 hush-hush"));
        await using var fixture = new Fixture();

        var message = await fixture.FailureAsync(Source(server), new RestRequest { Path = "/a" });

        message.ShouldContain("oauth2_client_credentials");
        message.ShouldNotContain("hush");
        server.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Refresh_token_action_fetches_a_new_one()
    {
        await using var server = await ScriptedServer.StartAsync(seen =>
            seen.Path == "/token" ? Token() : seen.Header("Authorization") == "Bearer token-2" ? Reply.Json("[1]") : Reply.Of(400, """{"error":"expired"}"""));
        await using var fixture = new Fixture();

        await fixture.ReadAsync(Source(server) with { ErrorHandler = [new ErrorRule { When = "error == 'expired'", Action = ErrorAction.RefreshToken }] }, new RestRequest());

        server.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Token_is_fetched_once_for_streams_that_need_it_together()
    {
        await using var server = await ScriptedServer.StartAsync(seen => seen.Path == "/token" ? Token() : Reply.Json("[1]"));
        await using var fixture = new Fixture();
        var source = Source(server);
        await using var open = source.Open(new Tidemark.Sources.SourceServices());

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var request = new Tidemark.Sources.ReadRequest { Stream = "s", Request = new RestRequest(), Values = fixture.Values, Counters = fixture.Counters };
            await foreach (var page in open.ReadAsync(request, default)) page.Dispose();
        }));

        server.Requests.Count(r => r.Path == "/token").ShouldBe(1);
        fixture.Counters[Counter.Requests].ShouldBe(9);
    }

    [Fact]
    public async Task Token_endpoint_with_a_problem_is_asked_again()
    {
        var first = true;
        await using var server = await ScriptedServer.StartAsync(seen =>
        {
            if (seen.Path != "/token") return Reply.Json("[1]");
            if (!first) return Token();
            first = false;
            return Reply.Of(503, "", ("Retry-After", "7"));
        });
        await using var fixture = new Fixture();

        await fixture.ReadAsync(Source(server), new RestRequest());

        fixture.Time.Waits.ShouldBe([TimeSpan.FromSeconds(7)]);
    }

    [Fact]
    public async Task Token_endpoint_that_refuses_the_client_says_what_to_check()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(401, """{"error":"invalid_client","secret":"hush-hush"}"""));
        await using var fixture = new Fixture();

        var message = await fixture.FailureAsync(Source(server), new RestRequest());

        message.ShouldContain("invalid_client");
        message.ShouldContain("client_id");
        message.ShouldNotContain("hush");
    }
}
