using Tidemark.Server.Tests.Support;

namespace Tidemark.Server.Tests.Access;

public sealed class AccessTests
{
    // A path that nobody serves: whoever is let through is told so.
    private const string Nothing = "/v1/nothing";

    [Fact]
    [Trait("guarantee", "G130")]
    public async Task Without_a_key_programs_of_this_machine_may_call()
    {
        await using var scene = await ServerScene.StartAsync();
        (await scene.GetAsync(Nothing)).Code.ShouldBe("unknown_route");
        (await scene.GetAsync(Nothing, ("Host", "localhost"))).Status.ShouldBe(404);
        (await scene.GetAsync(Nothing, ("Host", "[::1]:8080"))).Status.ShouldBe(404);
        (await scene.GetAsync(Nothing, ("Origin", scene.Client.BaseAddress!.ToString().TrimEnd('/')))).Status.ShouldBe(404);
    }

    [Theory]
    [Trait("guarantee", "G130")]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "localhost.evil.example")]
    [InlineData("Host", "10.0.0.1:8080")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("X-Forwarded-For", "10.0.0.1")]
    [InlineData("Forwarded", "for=10.0.0.1")]
    public async Task Without_a_key_foreign_pages_names_and_proxies_are_refused(string header, string value)
    {
        await using var scene = await ServerScene.StartAsync();
        var answer = await scene.GetAsync(Nothing, (header, value));
        (answer.Status, answer.Code).ShouldBe((403, "local_only"));
        answer.Detail.ShouldContain("tidemark key add");
        (await scene.GetAsync("/health/live", (header, value))).Status.ShouldBe(200);
    }

    [Fact]
    [Trait("guarantee", "G131")]
    public async Task Key_opens_its_routes_and_an_admin_key_everything()
    {
        await using var scene = await ServerScene.StartAsync();
        var (push, admin) = (await scene.AddKeyAsync("push", routes: "/v1/streams/*"), await scene.AddKeyAsync("admin", admin: true));
        scene.Time.Advance(TimeSpan.FromSeconds(3));

        var none = await scene.GetAsync(Nothing);
        (none.Status, none.Code, none.Header("WWW-Authenticate")).ShouldBe((401, "no_key", "Bearer"));
        var wrong = await scene.GetAsync(Nothing, ("Authorization", $"Bearer {push}x"));
        (wrong.Status, wrong.Code, wrong.Header("WWW-Authenticate")).ShouldBe((401, "wrong_key", "Bearer error=\"invalid_token\""));
        foreach (var token in new[] { push, admin })
        {
            (await scene.GetAsync(Nothing, ("Authorization", $"Bearer {token}"))).Status.ShouldBe(404);
            (await scene.GetAsync(Nothing, ("X-API-Key", token), ("Host", "any.example"), ("Origin", "http://any.example"))).Status.ShouldBe(404);
        }
        (await scene.GetAsync("/health/live")).Status.ShouldBe(200);
    }

    [Fact]
    [Trait("guarantee", "G132")]
    public async Task Key_that_was_revoked_is_refused_three_seconds_later_and_the_last_one_closes_the_server()
    {
        await using var scene = await ServerScene.StartAsync();
        var token = await scene.AddKeyAsync("push", routes: "/x");
        scene.Time.Advance(TimeSpan.FromSeconds(3));
        (await scene.GetAsync(Nothing, ("X-API-Key", token))).Status.ShouldBe(404);
        (await scene.Store.RevokeKeyAsync(ServerScene.Pipeline, "push", scene.Time.GetUtcNow(), default)).ShouldBeTrue();
        scene.Time.Advance(TimeSpan.FromSeconds(3));
        (await scene.GetAsync(Nothing, ("X-API-Key", token))).Code.ShouldBe("wrong_key");
        (await scene.GetAsync(Nothing)).Code.ShouldBe("no_key");
    }

    [Fact]
    [Trait("guarantee", "G133")]
    public async Task Server_that_others_can_reach_is_not_started_without_a_key()
    {
        var e = await Should.ThrowAsync<ServerStartException>(() => ServerScene.StartAsync(listen: "http://0.0.0.0:0"));
        e.Message.ShouldContain("tidemark key add");
        await Should.ThrowAsync<ServerStartException>(() => ServerScene.StartAsync(listen: "http://*:0", before: async scene =>
        {
            await scene.AddKeyAsync("gone", admin: true);
            await scene.Store.RevokeKeyAsync(ServerScene.Pipeline, "gone", scene.Time.GetUtcNow(), default);
        }));
        await using var scene = await ServerScene.StartAsync(listen: "http://*:0", before: s => s.AddKeyAsync("admin", admin: true));
        (await scene.GetAsync(Nothing)).Status.ShouldBe(401);
    }
}
