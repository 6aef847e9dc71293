using System.Net.Sockets;
using System.Text;
using Tidemark.Server.Tests.Pushing;
using Tidemark.Server.Tests.Support;

namespace Tidemark.Server.Tests.Generations;

/// <summary>A configuration that changes while the server answers. Alone in the process: its metrics are the process's, and a second server of the same name would report into them.</summary>
[Collection(AloneCollection.Name)]
public sealed class ReloadTests
{
    private const string Changed = """
        name: scene
        server: { max_records: 1 }
        sources: { in: { type: push } }
        destinations: { local: { type: sqlite, path: out.db } }
        streams: { items: { source: in, primary_key: id }, others: { source: in, primary_key: id } }
        """;

    [Fact]
    [Trait("guarantee", "G142")]
    public async Task Request_that_is_under_way_ends_as_it_began_and_the_next_one_is_answered_by_the_new_configuration()
    {
        await using var scene = await PushScene.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(scene.Client.BaseAddress!.Host, scene.Client.BaseAddress.Port);
        var (first, second) = ("{\"id\":1}\n", "{\"id\":2}\n");
        using var reader = new StreamReader(client.GetStream());
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {PushScene.Records} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: {first.Length + second.Length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"));
        // The server says so when it begins to read the body.
        (await reader.ReadLineAsync()).ShouldBe("HTTP/1.1 100 Continue");
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(first));

        (await scene.SendAsync(HttpMethod.Post, "/v1/streams/others/records", "{\"id\":1}")).Code.ShouldBe("unknown_stream");
        await scene.ReloadAsync(Changed);
        (await scene.SendAsync(HttpMethod.Post, "/v1/streams/others/records", "{\"id\":1}")).Status.ShouldBe(200);
        (await scene.SendAsync(HttpMethod.Post, PushScene.Records, "[{\"id\":3},{\"id\":4}]")).Code.ShouldBe("too_many_records");
        (await scene.SendAsync(HttpMethod.Post, PushScene.Kpi, "{}")).Status.ShouldBe(404);

        // More records than the new one allows.
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(second));
        (await reader.ReadToEndAsync()).ShouldContain("\"received\":2,\"inserted\":2");
        PushScene.Scalar(scene, "select count(*) from items").ShouldBe(2);
    }

    [Fact]
    public async Task What_waits_in_the_inbox_is_delivered_by_the_new_configuration()
    {
        await using var scene = await PushScene.StartAsync();
        (await scene.SendAsync(HttpMethod.Post, PushScene.Records, "{\"id\":0}")).Status.ShouldBe(200);
        var accepted = await scene.SendAsync(HttpMethod.Post, PushScene.Kpi, """{"store_id":"xyz","date":"2026-01-01","source":"n8n","kpi_entries":[{"seller_id":"s1"}]}""", headers: ("Prefer", "respond-async"));
        while ((await scene.GetAsync(accepted.Header("Location")!)).Json.GetProperty("state").GetString() == "waiting") await Task.Yield();
        for (var i = 1; i <= 10; i++) (await scene.SendAsync(HttpMethod.Post, PushScene.Records, $"{{\"id\":{i}}}", headers: ("Prefer", "respond-async"))).Status.ShouldBe(202);
        await scene.ReloadAsync(Changed);
        while ((await scene.GetAsync("/v1/status")).Json.GetProperty("inbox").GetArrayLength() > 0) scene.Time.Advance(TimeSpan.FromSeconds(1));
        PushScene.Scalar(scene, "select count(*) from items").ShouldBe(11);
        // Of a route that is gone what it had answered is still told.
        (await scene.GetAsync(accepted.Header("Location")!)).Json.GetProperty("answer").GetProperty("inserted").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Name_can_not_change_and_status_and_metrics_tell_what_was_refused()
    {
        await using var scene = await PushScene.StartAsync();
        var refused = await Should.ThrowAsync<ServerStartException>(() => scene.ReloadAsync(Changed.Replace("name: scene", "name: other", StringComparison.Ordinal)));
        refused.Message.ShouldBe("found name: other, but this server serves 'scene', whose keys, watermarks and inbox bear that name: restart the server to change it");
        scene.RefuseReload(refused.Message);
        (await scene.GetAsync("/v1/status")).Json.GetProperty("configuration").GetProperty("problem").GetString().ShouldBe(refused.Message);
        (await scene.GetAsync("/metrics")).Body.ShouldContain("tidemark_config_last_reload_successful 0\n");
        (await scene.SendAsync(HttpMethod.Post, PushScene.Kpi, "{}")).Status.ShouldBe(400);
        await scene.ReloadAsync(Changed);
        (await scene.GetAsync("/v1/status")).Json.GetProperty("configuration").GetProperty("problem").GetString().ShouldBeNull();
        (await scene.GetAsync("/metrics")).Body.ShouldContain("tidemark_config_last_reload_successful 1\n");
    }

    [Fact]
    public async Task Run_ends_as_it_began_and_its_streams_are_not_run_twice()
    {
        await using var scene = await ServerScene.StartAsync();
        var lease = await scene.HoldAsync("people");
        var started = await scene.SendAsync(HttpMethod.Post, "/v1/runs");
        started.Status.ShouldBe(202);
        await scene.ReloadAsync("""
            name: scene
            sources: { people_source: { type: file, path: people.jsonl } }
            destinations: { local: { type: sqlite, path: out.db } }
            streams: { people: { primary_key: id }, more: { primary_key: id } }
            """);
        (await scene.SendAsync(HttpMethod.Post, "/v1/runs", "{\"streams\":[\"people\"]}")).Status.ShouldBe(409);
        await lease.DisposeAsync();
        while ((await scene.GetAsync("/v1/status")).Json.GetProperty("running").GetArrayLength() > 0) scene.Time.Advance(TimeSpan.FromSeconds(1));
        (await scene.GetAsync(started.Header("Location")!)).Json.GetProperty("streams").GetArrayLength().ShouldBe(1);
        (await scene.SendAsync(HttpMethod.Post, "/v1/runs", "{\"streams\":[\"more\"]}")).Status.ShouldBe(202);
    }
}
