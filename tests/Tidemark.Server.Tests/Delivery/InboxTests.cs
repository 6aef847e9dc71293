using Microsoft.Data.Sqlite;
using Tidemark.Server.Tests.Pushing;
using Tidemark.Server.Tests.Support;

namespace Tidemark.Server.Tests.Delivery;

/// <summary>Asynchronous posts: taken at once, delivered in order, told of as a synchronous answer would have told.</summary>
public sealed class InboxTests
{
    private static readonly (string, string) Async = ("Prefer", "respond-async");

    [Fact]
    public async Task Post_is_accepted_at_once_and_its_batch_tells_what_the_synchronous_answer_would_have_told()
    {
        await using var scene = await PushScene.StartAsync();
        var body = "{\"id\":1,\"name\":\"a\"}\nbroken\n{\"id\":1,\"name\":\"b\"}\n";
        var accepted = await scene.SendAsync(HttpMethod.Post, PushScene.Records, body, "application/x-ndjson", ("Prefer", "wait=1, respond-async"));
        (accepted.Status, accepted.Json.GetProperty("status").GetString(), accepted.Json.GetProperty("received").GetInt64()).ShouldBe((202, "accepted", 3));
        accepted.Header("Preference-Applied").ShouldBe("respond-async");
        var location = accepted.Header("Location").ShouldNotBeNull();
        location.ShouldBe($"/v1/batches/{accepted.Json.GetProperty("batch_id").GetString()}");
        var batch = await EndAsync(scene, location);
        batch.GetProperty("state").GetString().ShouldBe("done");

        await using var other = await PushScene.StartAsync();
        var synchronous = (await other.SendAsync(HttpMethod.Post, PushScene.Records, body, "application/x-ndjson")).Json;
        foreach (var member in synchronous.EnumerateObject().Where(m => m.Name != "batch_id"))
            batch.GetProperty("answer").GetProperty(member.Name).GetRawText().ShouldBe(member.Value.GetRawText(), member.Name);
        batch.GetProperty("answer").GetProperty("batch_id").GetString().ShouldBe(batch.GetProperty("batch_id").GetString());
    }

    [Fact]
    public async Task Endpoint_answers_asynchronously_with_its_own_members_and_refuses_a_request_as_a_whole()
    {
        await using var scene = await PushScene.StartAsync();
        const string Good = """{"store_id":"xyz","date":"2026-01-01","source":"n8n","kpi_entries":[{"seller_id":"s1"},{"seller_id":"abc"}]}""";
        var done = await EndAsync(scene, (await scene.SendAsync(HttpMethod.Post, PushScene.Kpi, Good, headers: Async)).Header("Location")!);
        done.GetProperty("answer").GetRawText().ShouldBe("""{"status":"partial_success","entries_created":1,"entries_updated":0,"errors":["Seller abc not found in store xyz"],"message":"Synchronized 1 KPI entries"}""");
        var refused = await EndAsync(scene, (await scene.SendAsync(HttpMethod.Post, PushScene.Kpi, Good.Replace("xyz", "none", StringComparison.Ordinal), headers: Async)).Header("Location")!);
        (refused.GetProperty("state").GetString(), refused.GetProperty("problem").GetString(), refused.TryGetProperty("answer", out _)).ShouldBe(("refused", "Store none not found", false));
        // It holds up nobody.
        (await EndAsync(scene, (await scene.SendAsync(HttpMethod.Post, PushScene.Kpi, Good, headers: Async)).Header("Location")!)).GetProperty("state").GetString().ShouldBe("done");
    }

    [Fact]
    [Trait("guarantee", "G140")]
    public async Task Posts_wait_while_the_destination_is_held_and_are_delivered_in_order_before_any_synchronous_one()
    {
        await using var scene = await PushScene.StartAsync(stream: "primary_key: id");
        (await scene.SendAsync(HttpMethod.Post, PushScene.Records, "{\"id\":0,\"n\":0}")).Status.ShouldBe(200);
        var locations = new List<string>();
        using (Hold(scene))
        {
            for (var i = 1; i <= 20; i++) locations.Add((await scene.SendAsync(HttpMethod.Post, PushScene.Records, $"{{\"id\":1,\"n\":{i}}}", headers: Async)).Header("Location")!);
            var refused = await scene.SendAsync(HttpMethod.Post, PushScene.Records, "{\"id\":1,\"n\":99}");
            (refused.Status, refused.Code, refused.Header("Retry-After")).ShouldBe((503, "inbox_not_empty", "5"));
            var waiting = await scene.GetAsync(locations[^1]);
            (waiting.Json.GetProperty("state").GetString(), waiting.Header("Retry-After")).ShouldBe(("waiting", "1"));
            var status = (await scene.GetAsync("/v1/status")).Json.GetProperty("inbox")[0];
            (status.GetProperty("stream").GetString(), status.GetProperty("posts").GetInt64(), status.GetProperty("records").GetInt64()).ShouldBe(("items", 20, 20));
            (await scene.GetAsync("/metrics")).Body.ShouldContain("tidemark_inbox_depth{pipeline=\"scene\",stream=\"items\"} 20\n");
        }
        foreach (var location in locations) (await EndAsync(scene, location)).GetProperty("answer").GetProperty("rejected").GetInt64().ShouldBe(0);
        PushScene.Scalar(scene, "select n from items where id = 1").ShouldBe(20);
        (await scene.SendAsync(HttpMethod.Post, PushScene.Records, "{\"id\":1,\"n\":21}")).Status.ShouldBe(200);
        (await scene.GetAsync("/metrics")).Body.ShouldContain("tidemark_inbox_depth{pipeline=\"scene\",stream=\"items\"} 0\n");
    }

    [Fact]
    public async Task Large_post_is_kept_in_parts_and_delivered_as_one()
    {
        await using var scene = await PushScene.StartAsync();
        var accepted = await scene.SendAsync(HttpMethod.Post, PushScene.Records, PushScene.Rows(0, 25_000) + "{broken\n", "application/x-ndjson", Async);
        var answer = (await EndAsync(scene, accepted.Header("Location")!)).GetProperty("answer");
        (answer.GetProperty("received").GetInt64(), answer.GetProperty("inserted").GetInt64(), answer.GetProperty("items")[0].GetProperty("index").GetInt64(), answer.GetProperty("items")[0].GetProperty("line").GetInt64()).ShouldBe((25_001, 25_000, 25_000, 25_001));
        PushScene.Scalar(scene, "select count(*) from items").ShouldBe(25_000);
    }

    [Fact]
    public async Task Post_that_breaks_off_is_not_kept()
    {
        await using var scene = await PushScene.StartAsync();
        var rows = string.Join(',', PushScene.Rows(0, 15_000).TrimEnd('\n').Split('\n'));
        var broken = await scene.SendAsync(HttpMethod.Post, PushScene.Records, $"[{rows},", headers: Async);
        (broken.Status, broken.Code, broken.Json.TryGetProperty("done", out _)).ShouldBe((400, "not_json", false));
        (await EndAsync(scene, (await scene.SendAsync(HttpMethod.Post, PushScene.Records, "{\"id\":1}", headers: Async)).Header("Location")!)).GetProperty("state").GetString().ShouldBe("done");
        PushScene.Scalar(scene, "select count(*) from items").ShouldBe(1);
    }

    [Fact]
    [Trait("guarantee", "G141")]
    public async Task Post_that_comes_again_with_its_key_is_the_same_batch_and_another_payload_is_refused()
    {
        await using var scene = await PushScene.StartAsync(stream: "write_disposition: append");
        Task<Answer> PostAsync(string body, params (string, string)[] headers) => scene.SendAsync(HttpMethod.Post, PushScene.Records, body, headers: [("Idempotency-Key", "k"), .. headers]);
        var first = await PostAsync("{\"id\":1}", Async);
        var again = await PostAsync("{\"id\":1}", Async);
        (again.Status, again.Header("Location"), again.Header("Idempotency-Replayed")).ShouldBe((202, first.Header("Location"), "true"));
        (await PostAsync("{\"id\":2}", Async)).Code.ShouldBe("idempotency_key_reused");
        await EndAsync(scene, first.Header("Location")!);
        // In the other mode it is the same post.
        var synchronous = await PostAsync("{\"id\":1}");
        (synchronous.Status, synchronous.Header("Idempotency-Replayed")).ShouldBe((200, "true"));
        (await PostAsync("{\"id\":2}")).Code.ShouldBe("idempotency_key_reused");
        PushScene.Scalar(scene, "select count(*) from items").ShouldBe(1);

        (await scene.SendAsync(HttpMethod.Post, PushScene.Records, "{\"id\":3}", headers: ("Idempotency-Key", "s"))).Status.ShouldBe(200);
        var other = await scene.SendAsync(HttpMethod.Post, PushScene.Records, "{\"id\":4}", headers: [("Idempotency-Key", "s"), Async]);
        (await EndAsync(scene, other.Header("Location")!)).GetProperty("state").GetString().ShouldBe("refused");
        PushScene.Scalar(scene, "select count(*) from items").ShouldBe(2);
    }

    [Fact]
    public async Task Inbox_that_is_full_refuses_and_keeps_nothing_of_it()
    {
        await using var scene = await PushScene.StartAsync("{ max_inbox_size: 4KiB }");
        (await scene.SendAsync(HttpMethod.Post, PushScene.Records, "{\"id\":0}")).Status.ShouldBe(200);
        Answer full;
        using (Hold(scene))
        {
            (await scene.SendAsync(HttpMethod.Post, PushScene.Records, PushScene.Rows(1, 100), "application/x-ndjson", Async)).Status.ShouldBe(202);
            full = await scene.SendAsync(HttpMethod.Post, PushScene.Records, PushScene.Rows(1000, 100), "application/x-ndjson", Async);
        }
        (full.Status, full.Code, full.Header("Retry-After")).ShouldBe((503, "inbox_full", "10"));
        full.Detail.ShouldContain("max_inbox_size");
        while ((await scene.GetAsync("/v1/status")).Json.GetProperty("inbox").GetArrayLength() > 0) scene.Time.Advance(TimeSpan.FromSeconds(1));
        PushScene.Scalar(scene, "select count(*) from items").ShouldBe(101);
        (await scene.SendAsync(HttpMethod.Post, PushScene.Records, PushScene.Rows(1000, 100), "application/x-ndjson", Async)).Status.ShouldBe(202);
    }

    [Fact]
    public async Task Batch_is_told_to_whoever_may_post_there_and_to_nobody_else()
    {
        await using var scene = await PushScene.StartAsync();
        var (mine, other) = (await scene.AddKeyAsync("mine", routes: PushScene.Records), await scene.AddKeyAsync("other", routes: PushScene.Kpi));
        // Keys are read again after 3 s.
        scene.Time.Advance(TimeSpan.FromSeconds(4));
        var location = (await scene.SendAsync(HttpMethod.Post, PushScene.Records, "{\"id\":1}", headers: [Async, ("X-API-Key", mine)])).Header("Location")!;
        (await scene.GetAsync(location, ("X-API-Key", mine))).Status.ShouldBe(200);
        (await scene.GetAsync(location, ("X-API-Key", other))).Code.ShouldBe("unknown_batch");
        (await scene.GetAsync(location)).Code.ShouldBe("no_key");
        (await scene.GetAsync("/v1/batches/none", ("X-API-Key", mine))).Code.ShouldBe("unknown_batch");
    }

    // Somebody else holds the database: nothing is written until that ends.
    private static SqliteConnection Hold(ServerScene scene)
    {
        var writer = new SqliteConnection($"Data Source={scene["out.db"]};Pooling=False");
        writer.Open();
        using var command = writer.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return writer;
    }

    private static async Task<System.Text.Json.JsonElement> EndAsync(ServerScene scene, string location)
    {
        while (true)
        {
            var answer = await scene.GetAsync(location);
            answer.Status.ShouldBe(200, answer.Body);
            if (answer.Json.GetProperty("state").GetString() != "waiting") return answer.Json;
            // A machine that is busy may have made it wait to be tried again.
            scene.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
