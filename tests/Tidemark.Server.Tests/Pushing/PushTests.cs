using System.Text;

namespace Tidemark.Server.Tests.Pushing;

public sealed class PushTests
{
    [Theory]
    [InlineData("[{\"id\":1},{\"id\":2}]", "application/json")]
    [InlineData("{\"records\":[{\"id\":1},{\"id\":2}]}", "application/json; charset=utf-8")]
    [InlineData("{\"id\":1}\n{\"id\":2}\n", "application/x-ndjson")]
    public async Task Records_are_taken_in_each_form(string body, string type)
    {
        await using var scene = await PushScene.StartAsync();
        var answer = await scene.SendAsync(HttpMethod.Post, PushScene.Records, body, type);
        (answer.Status, answer.Json.GetProperty("status").GetString(), answer.Json.GetProperty("inserted").GetInt64()).ShouldBe((200, "success", 2));
        answer.Json.EnumerateObject().Select(p => p.Name).ShouldBe(["status", "received", "inserted", "updated", "unchanged", "duplicates", "rejected", "items", "batch_id"]);
        var again = await scene.SendAsync(HttpMethod.Post, PushScene.Records, "{\"id\":1,\"x\":1}");
        (again.Json.GetProperty("updated").GetInt64(), again.Json.GetProperty("received").GetInt64()).ShouldBe((1, 1));
        PushScene.Scalar(scene, "select count(*) from items").ShouldBe(2);
    }

    [Fact]
    [Trait("guarantee", "G134")]
    public async Task Records_that_are_none_are_rejected_alone_by_index_and_line()
    {
        await using var scene = await PushScene.StartAsync("{ max_record_size: 1KiB }");
        var digits = new string('9', 400);
        var answer = await scene.SendAsync(HttpMethod.Post, PushScene.Records, $"""
            {"{\"id\":1,\"__proto__\":{\"x\":1}}"}
            {"{\"id\":"}

            {"{\"id\":2,\"n\":"}{digits}{"}"}
            {"{\"id\":\"\\ud800\"}"}
            {"{\"name\":\"no key\"}"}
            {"{\"id\":{\"$ne\":null}}"}
            {"{\"id\":3,\"t\":\""}{new string('x', 2000)}{"\"}"}
            {"{\"id\":1,\"name\":\"twice\"}"}
            """, "application/x-ndjson");
        answer.Status.ShouldBe(200);
        var json = answer.Json;
        json.GetProperty("status").GetString().ShouldBe("partial_success");
        new[] { "inserted", "updated", "unchanged", "duplicates", "rejected" }.Sum(n => json.GetProperty(n).GetInt64()).ShouldBe(json.GetProperty("received").GetInt64());
        json.GetProperty("duplicates").GetInt64().ShouldBe(1);
        json.GetProperty("items").EnumerateArray().Select(i => (i.GetProperty("index").GetInt32(), i.GetProperty("line").GetInt32(), i.GetProperty("code").GetString()))
            .ShouldBe([(1, 2, "invalid_record"), (3, 5, "invalid_record"), (4, 6, "invalid_record"), (5, 7, "not_a_scalar"), (6, 8, "record_too_large")]);
        answer.Body.ShouldNotContain("\"error\"");
        PushScene.Scalar(scene, "select count(*) from items").ShouldBe(2);
        PushScene.Scalar(scene, $"select length(n) from items where id = 2").ShouldBe(400);
    }

    [Fact]
    public async Task Answer_tells_at_most_1000_rejected_records_and_counts_the_rest()
    {
        await using var scene = await PushScene.StartAsync();
        var answer = await scene.SendAsync(HttpMethod.Post, PushScene.Records, string.Concat(Enumerable.Repeat("{}\n", 12_345)), "application/x-ndjson");
        (answer.Json.GetProperty("rejected").GetInt64(), answer.Json.GetProperty("items").GetArrayLength(), answer.Json.GetProperty("items_omitted").GetInt64()).ShouldBe((12_345, 1000, 11_345));
    }

    [Fact]
    public async Task Large_post_is_written_in_parts_of_ten_thousand_and_answered_as_one()
    {
        await using var scene = await PushScene.StartAsync();
        var answer = await scene.SendAsync(Encoding.UTF8.GetBytes(PushScene.Rows(0, 25_000) + "{broken\n"), "application/x-ndjson", coding: null);
        (answer.Json.GetProperty("received").GetInt64(), answer.Json.GetProperty("inserted").GetInt64()).ShouldBe((25_001, 25_000));
        answer.Json.GetProperty("items")[0].GetProperty("index").GetInt64().ShouldBe(25_000);
        PushScene.Scalar(scene, "select count(*) from items").ShouldBe(25_000);
    }

    [Fact]
    [Trait("guarantee", "G135")]
    public async Task Broken_post_writes_nothing_unless_earlier_parts_are_done_and_then_says_so()
    {
        await using var scene = await PushScene.StartAsync();
        (await scene.SendAsync(HttpMethod.Post, PushScene.Records, "[{\"id\":1},{\"id\":2}")).Code.ShouldBe("not_json");
        (await scene.GetAsync("/health/ready")).Status.ShouldBe(200);
        PushScene.Scalar(scene, "select count(*) from sqlite_schema where name = 'items'").ShouldBe(0);
        var rows = string.Join(',', PushScene.Rows(0, 15_000).TrimEnd('\n').Split('\n'));
        var answer = await scene.SendAsync(HttpMethod.Post, PushScene.Records, $"[{rows},");
        (answer.Status, answer.Code, answer.Json.GetProperty("done").GetProperty("inserted").GetInt64()).ShouldBe((400, "not_json", 10_000));
        answer.Detail.ShouldEndWith("; the first 10000 records are done");
        PushScene.Scalar(scene, "select count(*) from items").ShouldBe(10_000);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Packed_bodies_are_unpacked_and_must_be_whole(string coding)
    {
        await using var scene = await PushScene.StartAsync();
        var body = PushScene.Pack(PushScene.Rows(0, 5000), coding);
        (await scene.SendAsync(body, "application/x-ndjson", coding)).Json.GetProperty("inserted").GetInt64().ShouldBe(5000);
        foreach (var broken in new[] { body[..^9], body[..(body.Length / 2)], Encoding.UTF8.GetBytes("{\"id\":1}") })
        {
            var answer = await scene.SendAsync(broken, "application/x-ndjson", coding);
            (answer.Status, answer.Code).ShouldBe((400, "broken_encoding"), $"{broken.Length} of {body.Length}");
        }
    }

    [Fact]
    public async Task Bomb_is_noticed_before_it_is_held()
    {
        await using var scene = await PushScene.StartAsync("{ max_ratio: 100, max_unpacked_size: 20MiB }");
        var bomb = await scene.SendAsync(PushScene.Pack(new string(' ', 10_000_000), "gzip"), "application/json", "gzip");
        (bomb.Status, bomb.Code).ShouldBe((413, "body_too_large"));
        bomb.Detail.ShouldContain("max_ratio");
        var random = new Random(1);
        var large = await scene.SendAsync(PushScene.Pack(string.Concat(Enumerable.Range(0, 400_000).Select(i => $"{{\"id\":{i},\"x\":\"{random.NextInt64():x16}{random.NextInt64():x16}\"}}\n")), "br"), "application/x-ndjson", "br");
        (large.Status, large.Detail.Contains("max_unpacked_size", StringComparison.Ordinal)).ShouldBe((413, true));
    }

    [Fact]
    public async Task Limits_are_told_by_their_names()
    {
        await using var scene = await PushScene.StartAsync("{ max_body_size: 1KiB, max_records: 3 }");
        var large = await scene.SendAsync(HttpMethod.Post, PushScene.Records, $"[{new string(' ', 2000)}]");
        (large.Status, large.ContentType).ShouldBe((413, "application/problem+json"));
        (await scene.SendAsync(HttpMethod.Post, PushScene.Records, "[{\"id\":1},{\"id\":2},{\"id\":3},{\"id\":4}]")).Code.ShouldBe("too_many_records");
    }

    [Fact]
    public async Task Types_and_codings_that_are_not_known_are_told_what_is()
    {
        await using var scene = await PushScene.StartAsync();
        var form = await scene.SendAsync(HttpMethod.Post, PushScene.Records, "id=1", "application/x-www-form-urlencoded");
        (form.Status, form.Header("Accept-Post")).ShouldBe((415, "application/json, application/x-ndjson"));
        (await scene.SendAsync(HttpMethod.Post, PushScene.Records, "[]", "text/plain")).Status.ShouldBe(415);
        (await scene.SendAsync(HttpMethod.Post, PushScene.Records, "[]", "application/json; charset=latin1")).Status.ShouldBe(415);
        var packed = await scene.SendAsync(HttpMethod.Post, PushScene.Records, "[]", "application/json", ("Content-Encoding", "zstd"));
        (packed.Status, packed.Header("Accept-Encoding")).ShouldBe((415, "gzip, br, deflate"));
    }

    [Fact]
    public async Task Streams_that_take_no_records_say_so()
    {
        await using var scene = await PushScene.StartAsync();
        (await scene.SendAsync(HttpMethod.Post, "/v1/streams/itms/records", "[]")).Detail.ShouldBe("no stream that takes records is called 'itms'; did you mean 'items'?");
        (await scene.SendAsync(HttpMethod.Post, "/v1/streams/people/records", "[]")).Detail.ShouldContain("reads its source by itself");
        (await scene.SendAsync(HttpMethod.Post, "/v1/runs", "{\"streams\":[\"items\"]}")).Detail.ShouldContain("posted to tidemark serve");
    }

    [Fact]
    [Trait("guarantee", "G131")]
    public async Task Key_of_another_route_is_refused()
    {
        await using var scene = await PushScene.StartAsync();
        var items = await scene.AddKeyAsync("items", routes: PushScene.Records);
        scene.Time.Advance(TimeSpan.FromSeconds(3));
        (await scene.SendAsync(HttpMethod.Post, PushScene.Records, "{\"id\":1}", headers: ("X-API-Key", items))).Status.ShouldBe(200);
        (await scene.SendAsync(HttpMethod.Post, PushScene.Kpi, "{}", headers: ("X-API-Key", items))).Code.ShouldBe("other_route");
        (await scene.GetAsync("/v1/status", ("X-API-Key", items))).Code.ShouldBe("not_admin");
        (await scene.SendAsync(HttpMethod.Post, PushScene.Records, "{\"id\":1}")).Code.ShouldBe("no_key");
    }

    [Fact]
    public async Task Half_a_body_and_then_silence_is_not_waited_for()
    {
        await using var scene = await PushScene.StartAsync();
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", scene.Client.BaseAddress!.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {PushScene.Records} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n[{{\"id\":1}},"));
        // The clock stands still until the server waits for the rest.
        await scene.Time.UntilWaitingAsync(TimeSpan.FromSeconds(30));
        scene.Time.Advance(TimeSpan.FromSeconds(30));
        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync()).ShouldBe("HTTP/1.1 408 Request Timeout");
    }
}
