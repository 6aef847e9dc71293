using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>Redirects and links to another origin: they get no credentials.</summary>
public sealed class OriginTests : IDisposable
{
    private const string Key = "very-secret-key-1";
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("{ type: bearer, token: \"${KEY}\" }")]
    [InlineData("{ type: api_key, header: X-Key, value: \"${KEY}\" }")]
    [InlineData("{ type: api_key, query: api_key, value: \"${KEY}\" }")]
    [InlineData("{ type: basic, username: me, password: \"${KEY}\" }")]
    public async Task Redirect_to_another_origin_gets_no_credential(string authenticator)
    {
        await using var other = await ScriptedServer.StartAsync(Reply.Json("""[{"id":1}]"""));
        await using var server = await ScriptedServer.StartAsync(_ => Reply.Of(302, "", ("Location", other.Url + "/elsewhere")));
        _scene.Environment["KEY"] = Key;
        _scene.Rest(server.Url, "request: { path: /items, headers: { x-own: \"very-own\" } }\nprimary_key: id", $"authenticator: {authenticator}\nheaders: {{ x-tenant: tenant-1 }}");
        (await _scene.RunAsync()).Exits(0);
        server.Requests.ShouldHaveSingleItem().Header("x-tenant").ShouldBe("tenant-1");
        var seen = other.Requests.ShouldHaveSingleItem();
        seen.Path.ShouldBe("/elsewhere");
        seen.Target.ShouldNotContain(Key);
        seen.Headers.Keys.ShouldBe(["Host", "User-Agent", "Accept", "Accept-Encoding"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("{ type: next_url, next_url_path: next }")]
    [InlineData("{ type: link_header }")]
    public async Task Next_link_to_another_origin_is_refused_unless_it_is_listed_and_gets_no_credential(string paginator)
    {
        await using var other = await ScriptedServer.StartAsync(Reply.Json("""{"data":[{"id":2}]}"""));
        await using var server = await ScriptedServer.StartAsync(_ =>
            Reply.Json($$"""{"data":[{"id":1}],"next":"{{other.Url}}/page2"}""", ("Link", $"<{other.Url}/page2>; rel=\"next\"")));
        _scene.Environment["KEY"] = Key;
        var stream = $"request: {{ path: /items }}\nrecords: data\nprimary_key: id\npaginator: {paginator}";
        _scene.Rest(server.Url, stream, "authenticator: { type: bearer, token: \"${KEY}\" }");
        var outcome = (await _scene.RunAsync()).Exits(3);
        Outcome.Says(outcome.StreamError(), "leads to " + other.Url, "another origin", "allowed_origins", "credentials are not sent there");
        other.Requests.ShouldBeEmpty();

        _scene.Rest(server.Url, stream, $"authenticator: {{ type: bearer, token: \"${{KEY}}\" }}\nallowed_origins: {other.Url}");
        (await _scene.RunAsync()).Exits(0);
        other.Requests.ShouldHaveSingleItem().Header("Authorization").ShouldBeNull();
        _scene.Rows("select id from items").ShouldBe("1|2");
        File.ReadAllText(_scene["tidemark.yaml"]).ShouldNotContain(Key);
    }

    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(302, "", ("Location", "/again")));
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id");
        Outcome.Says((await _scene.RunAsync()).Exits(3).StreamError(), "redirected more than 5 times", "check the source's url");
    }
}
