using Tidemark.Definitions;
using Tidemark.Http.Tests.Support;

namespace Tidemark.Http.Tests.Reading;

public sealed class OriginTests
{
    private static readonly Dictionary<string, string> Headers = new(StringComparer.Ordinal) { ["x-tenant"] = "acme" };

    private static readonly RestRequest Linked = new() { Path = "/a", Records = "items", Paginator = new NextUrlPaginator { NextUrlPath = "next" } };

    private static RestSource Source(ScriptedServer server) => new()
    {
        Url = server.Address,
        Headers = Headers,
        Authenticator = new ApiKeyAuthenticator { Header = "x-key", Value = new Secret("s3cr3t") },
    };

    [Fact]
    public async Task Next_link_to_the_own_origin_is_used_as_given_with_the_credential()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""{"items":[1],"next":"/b?x=%2F&y"}"""), Reply.Json("""{"items":[2]}"""));
        await using var fixture = new Fixture();

        await fixture.ReadAsync(Source(server), Linked with { Params = [("first", "only")] });

        server.Requests[1].Target.ShouldBe("/b?x=%2F&y");
        server.Requests[1].Header("x-key").ShouldBe("s3cr3t");
    }

    [Fact]
    public async Task Next_link_to_another_origin_is_refused()
    {
        await using var other = await ScriptedServer.StartAsync(Reply.Json("""{"items":[2]}"""));
        await using var server = await ScriptedServer.StartAsync(Reply.Json($$"""{"items":[1],"next":"{{other.Address}}b"}"""));
        await using var fixture = new Fixture();

        (await fixture.FailureAsync(Source(server), Linked)).ShouldContain("allowed_origins");

        other.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Next_link_to_a_listed_origin_is_followed_without_credential_and_headers()
    {
        await using var other = await ScriptedServer.StartAsync(Reply.Json("""{"items":[2]}"""));
        await using var server = await ScriptedServer.StartAsync(Reply.Json($$"""{"items":[1],"next":"{{other.Address}}b"}"""));
        await using var fixture = new Fixture();

        var pages = await fixture.ReadAsync(Source(server) with { AllowedOrigins = [other.Address] }, Linked with { Headers = [("x-own", "1")] });

        pages.Count.ShouldBe(2);
        var seen = other.Requests.ShouldHaveSingleItem();
        (seen.Header("x-key"), seen.Header("x-tenant"), seen.Header("x-own")).ShouldBe((null, null, null));
    }

    [Fact]
    public async Task Position_of_a_link_holds_no_key_and_the_call_does()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""{"items":[1],"next":"/b?p=2&key=s3cr3t"}"""), Reply.Json("""{"items":[2]}"""));
        await using var fixture = new Fixture();

        var pages = await fixture.ReadAsync(Source(server) with { Authenticator = new ApiKeyAuthenticator { Query = "key", Value = new Secret("s3cr3t") } }, Linked);

        pages[0].NextPosition.ShouldEndWith("/b?p=2");
        server.Requests[0].QueryText.ShouldBe("key=s3cr3t");
        server.Requests[1].QueryText.ShouldBe("p=2&key=s3cr3t");
    }

    [Fact]
    public async Task Link_that_leads_back_is_noticed_without_its_key()
    {
        await using var server = await ScriptedServer.StartAsync(seen => Reply.Json($$"""{"items":["{{seen.Query("p")}}"],"next":"/b?p={{(seen.Query("p") == "1" ? 2 : 1)}}&key=s3cr3t"}"""));
        await using var fixture = new Fixture();

        var message = await fixture.FailureAsync(Source(server) with { Authenticator = new ApiKeyAuthenticator { Query = "key", Value = new Secret("s3cr3t") } }, Linked);

        message.ShouldContain("leads back");
        message.ShouldNotContain("s3cr3t");
        server.Requests.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_within_the_origin_keeps_the_credential_and_counts(int status)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(status, "", ("Location", "/moved")), Reply.Json("[1]"));
        await using var fixture = new Fixture();

        await fixture.ReadAsync(Source(server), new RestRequest { Path = "/a" });

        server.Requests[1].Path.ShouldBe("/moved");
        server.Requests[1].Header("x-key").ShouldBe("s3cr3t");
        fixture.Counters[Telemetry.Counter.Requests].ShouldBe(2);
    }

    [Fact]
    public async Task Redirect_to_another_origin_loses_credential_and_headers()
    {
        await using var other = await ScriptedServer.StartAsync(Reply.Json("[1]"));
        await using var server = await ScriptedServer.StartAsync(Reply.Of(302, "", ("Location", other.Address + "x")));
        await using var fixture = new Fixture();

        await fixture.ReadAsync(Source(server), new RestRequest());

        var seen = other.Requests.ShouldHaveSingleItem();
        (seen.Header("x-key"), seen.Header("x-tenant")).ShouldBe((null, null));
    }

    [Fact]
    public async Task Redirect_after_a_post_becomes_get_or_stays_at_home()
    {
        await using var server = await ScriptedServer.StartAsync(seen => seen.Path switch
        {
            "/see" => Reply.Of(303, "", ("Location", "/result")),
            "/keep" => Reply.Of(307, "", ("Location", "/result")),
            "/away" => Reply.Of(307, "", ("Location", "http://other.invalid/")),
            _ => Reply.Json("[1]"),
        });
        await using var fixture = new Fixture();
        var post = new RestRequest { Method = HttpMethod.Post, Body = "{}" };

        await fixture.ReadAsync(Source(server), post with { Path = "/see" });
        await fixture.ReadAsync(Source(server), post with { Path = "/keep" });
        (await fixture.FailureAsync(Source(server), post with { Path = "/away" })).ShouldContain("another origin");

        server.Requests.Where(r => r.Path == "/result").Select(r => r.Method).ShouldBe(["GET", "POST"]);
    }

    [Fact]
    public async Task Redirects_without_end_are_an_error()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(302, "", ("Location", "/again")));
        await using var fixture = new Fixture();

        (await fixture.FailureAsync(Source(server), new RestRequest())).ShouldContain("more than 5 times");

        server.Requests.Count.ShouldBe(6);
    }
}
