using Tidemark.Server.Tests.Support;

namespace Tidemark.Server.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task Server_is_live_and_ready_and_tells_heads_the_same()
    {
        await using var scene = await ServerScene.StartAsync();
        (await scene.GetAsync("/health/live")).Body.ShouldBe("{\"status\":\"live\"}");
        (await scene.GetAsync("/health/ready")).Body.ShouldBe("{\"status\":\"ready\",\"parts\":{\"store\":true,\"destination local\":true}}");
        var head = await scene.SendAsync(HttpMethod.Head, "/health/ready");
        (head.Status, head.Body).ShouldBe((200, ""));
        var post = await scene.SendAsync(HttpMethod.Post, "/health/live");
        (post.Status, post.Code, post.Header("Allow")).ShouldBe((405, "method_not_allowed", "GET, HEAD"));
    }

    [Fact]
    public async Task Server_whose_database_is_away_is_live_but_not_ready()
    {
        await using var scene = await ServerScene.StartAsync($$"""
            name: {{ServerScene.Pipeline}}
            sources: { people_source: { type: file, path: people.jsonl } }
            destinations: { away: { type: postgresql, url: "postgresql://nobody@127.0.0.1:1/none" } }
            streams: { people: { primary_key: id } }
            """);
        (await scene.GetAsync("/health/live")).Status.ShouldBe(200);
        var ready = await scene.GetAsync("/health/ready");
        (ready.Status, ready.Body).ShouldBe((503, "{\"status\":\"not_ready\",\"parts\":{\"store\":true,\"destination away\":false}}"));
    }
}
