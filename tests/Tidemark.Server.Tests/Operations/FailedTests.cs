using System.Text;
using Tidemark.Failures;
using Tidemark.Server.Tests.Support;

namespace Tidemark.Server.Tests.Operations;

public sealed class FailedTests
{
    [Fact]
    public async Task Failed_records_are_listed_in_parts_with_their_payloads()
    {
        await using var scene = await SceneAsync(5);
        var found = new List<string>();
        for (var next = "/v1/failed?limit=2&stream=people"; next is not null;)
        {
            var part = (await scene.GetAsync(next)).Json;
            found.AddRange(part.GetProperty("records").EnumerateArray().Select(r => r.GetProperty("payload").GetString()!));
            next = part.GetProperty("next").GetString();
        }
        found.ShouldBe(["{\"id\":14}", "{\"id\":13}", "{\"id\":12}", "{\"id\":11}", "{\"id\":10}"]);
        (await scene.GetAsync("/v1/failed?status=resolved")).Json.GetProperty("records").GetArrayLength().ShouldBe(0);
        (await scene.GetAsync("/v1/failed?status=opn")).Detail.ShouldEndWith("did you mean 'open'?");
        (await scene.GetAsync("/v1/failed?stream=poeple")).Detail.ShouldEndWith("did you mean 'people'?");
        (await scene.GetAsync("/v1/status")).Json.GetProperty("failed_records").GetInt64().ShouldBe(5);
    }

    [Fact]
    public async Task Failed_records_are_tried_again_by_their_ids_or_all()
    {
        await using var scene = await SceneAsync(3);
        var ids = (await scene.GetAsync("/v1/failed")).Json.GetProperty("records").EnumerateArray().Select(r => r.GetProperty("id").GetString()!).ToList();
        var one = await scene.SendAsync(HttpMethod.Post, "/v1/failed/retry", $"{{\"ids\":[\"{ids[0]}\"]}}");
        one.Json.GetProperty("streams")[0].GetProperty("resolved").GetInt64().ShouldBe(1);
        (await scene.SendAsync(HttpMethod.Post, "/v1/failed/retry", $"{{\"ids\":[\"{ids[0]}\"]}}")).Code.ShouldBe("already_closed");
        (await scene.SendAsync(HttpMethod.Post, "/v1/failed/retry", "{\"ids\":[\"none\"]}")).Code.ShouldBe("unknown_record");
        (await scene.SendAsync(HttpMethod.Post, "/v1/failed/retry", "{\"streams\":[\"peple\"]}")).Status.ShouldBe(400);
        (await scene.SendAsync(HttpMethod.Post, "/v1/failed/retry", "{}")).Status.ShouldBe(400);
        (await scene.SendAsync(HttpMethod.Post, "/v1/failed/retry", "{\"all\":true,\"streams\":[\"people\"]}")).Status.ShouldBe(400);
        var rest = await scene.SendAsync(HttpMethod.Post, "/v1/failed/retry", "{\"all\":true}");
        (rest.Json.GetProperty("status").GetString(), rest.Json.GetProperty("streams")[0].GetProperty("resolved").GetInt64()).ShouldBe(("succeeded", 2));
        (await scene.GetAsync("/v1/failed")).Json.GetProperty("records").GetArrayLength().ShouldBe(0);
    }

    private static Task<ServerScene> SceneAsync(int count) => ServerScene.StartAsync(before: scene => scene.Store.AddAsync([.. Enumerable.Range(0, count).Select(i =>
    {
        var payload = Encoding.UTF8.GetBytes($"{{\"id\":{10 + i}}}");
        return new FailedRecord
        {
            Id = FailedRecord.IdOf(ServerScene.Pipeline, "people", payload), PipelineName = ServerScene.Pipeline, Stream = "people", RunId = "r", Reason = "why", Payload = payload, FailedAt = scene.Time.GetUtcNow(),
        };
    })], default));
}
