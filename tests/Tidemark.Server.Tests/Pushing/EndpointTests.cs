using Tidemark.Server.Tests.Support;

namespace Tidemark.Server.Tests.Pushing;

public sealed class EndpointTests
{
    private const string Head = "\"store_id\":\"xyz\",\"date\":\"2026-01-10\",\"source\":\"n8n\"";

    [Fact]
    public async Task Endpoint_answers_as_its_callers_know_it()
    {
        await using var scene = await PushScene.StartAsync();
        var first = await KpiAsync(scene, $"{{{Head},\"kpi_entries\":[{{\"seller_id\":\"s1\",\"ca\":1}},{{\"seller_id\":\"abc-123\"}},{{\"seller_id\":\"m1\"}}]}}");
        first.Body.ShouldBe("""{"status":"partial_success","entries_created":1,"entries_updated":0,"errors":["Seller abc-123 not found in store xyz","Seller m1 not found in store xyz"],"message":"Synchronized 1 KPI entries"}""");
        var second = await KpiAsync(scene, $"{{\"kpi_entries\":[{{\"seller_id\":\"s1\",\"ca\":1}},{{\"seller_id\":\"s2\",\"ca\":2}}],{Head}}}");
        second.Body.ShouldBe("""{"status":"success","entries_created":1,"entries_updated":1,"errors":[],"message":"Synchronized 2 KPI entries"}""");
        PushScene.Scalar(scene, "select count(*) from kpi_entries where store_id = 'xyz' and date = '2026-01-10' and source = 'n8n'").ShouldBe(2);
    }

    [Fact]
    public async Task Store_that_is_not_there_fails_the_request()
    {
        await using var scene = await PushScene.StartAsync();
        var answer = await KpiAsync(scene, $"{{{Head.Replace("xyz", "nope", StringComparison.Ordinal)},\"kpi_entries\":[{{\"seller_id\":\"s1\"}}]}}");
        (answer.Status, answer.Code, answer.Detail).ShouldBe((422, "request_refused", "Store nope not found"));
        (await KpiAsync(scene, "{\"store_id\":{\"$ne\":null},\"date\":1,\"source\":1,\"kpi_entries\":[]}")).Status.ShouldBe(422);
        PushScene.Scalar(scene, "select count(*) from sqlite_schema where name = 'kpi_entries'").ShouldBe(0);
    }

    [Fact]
    public async Task Table_of_a_reference_that_is_missing_says_what_to_do_and_when_to_come_again()
    {
        await using var scene = await PushScene.StartAsync();
        PushScene.Execute(scene, "DROP TABLE users");
        var answer = await KpiAsync(scene, $"{{{Head},\"kpi_entries\":[{{\"seller_id\":\"s1\"}}]}}");
        (answer.Status, answer.Code, answer.Header("Retry-After")).ShouldBe((503, "reference_missing", "30"));
        answer.Detail.ShouldStartWith("references can't be looked up in 'users' (id, role, store_id): ");
        answer.Detail.ShouldEndWith("Make the table and its columns, or mend the references of the endpoint");
        PushScene.Execute(scene, "CREATE TABLE users(id TEXT PRIMARY KEY, role TEXT, store_id TEXT); INSERT INTO users VALUES('s1', 'seller', 'xyz')");
        (await KpiAsync(scene, $"{{{Head},\"kpi_entries\":[{{\"seller_id\":\"s1\"}}]}}")).Status.ShouldBe(200);
    }

    [Fact]
    [Trait("guarantee", "G136")]
    public async Task Repeated_post_gets_the_answer_of_the_first_and_another_payload_is_refused()
    {
        await using var scene = await PushScene.StartAsync();
        string Body(int value) => $"{{{Head},\"kpi_entries\":[{{\"seller_id\":\"s1\",\"ca\":{value}}},{{\"seller_id\":\"gone\"}}]}}";
        var first = await KpiAsync(scene, Body(1), ("Idempotency-Key", "3"));
        var again = await KpiAsync(scene, Body(1), ("Idempotency-Key", "\"3\""));
        (again.Body, again.Header("Idempotency-Replayed"), first.Header("Idempotency-Replayed")).ShouldBe((first.Body, "true", null));
        var other = await KpiAsync(scene, Body(2), ("Idempotency-Key", "3"));
        (other.Status, other.Code).ShouldBe((422, "idempotency_key_reused"));
        PushScene.Scalar(scene, "select ca from kpi_entries").ShouldBe(1);
        (await KpiAsync(scene, Body(2), ("Idempotency-Key", "4"))).Json.GetProperty("entries_updated").GetInt64().ShouldBe(1);
        (await KpiAsync(scene, Body(2), ("Idempotency-Key", new string('x', 256)))).Code.ShouldBe("bad_idempotency_key");
        (await KpiAsync(scene, Body(2), ("Idempotency-Key", "\"\""))).Code.ShouldBe("bad_idempotency_key");
    }

    [Fact]
    [Trait("guarantee", "G136")]
    public async Task Repeated_post_of_several_parts_is_not_written_twice_although_the_table_appends()
    {
        await using var scene = await PushScene.StartAsync(stream: "write_disposition: append");
        var rows = PushScene.Rows(0, 25_000);
        Task<Answer> PostAsync(string body) => scene.SendAsync(HttpMethod.Post, PushScene.Records, body, "application/x-ndjson", ("Idempotency-Key", "large"));
        var first = await PostAsync(rows);
        var again = await PostAsync(rows);
        again.Body.ShouldBe(first.Body);
        PushScene.Scalar(scene, "select count(*) from items").ShouldBe(25_000);
        var longer = await PostAsync(rows + "{\"id\":-1}\n");
        (longer.Status, longer.Code).ShouldBe((422, "idempotency_key_reused"));
        PushScene.Scalar(scene, "select count(*) from items").ShouldBe(25_000);
    }

    [Fact]
    public async Task Posts_at_once_are_each_answered_for_themselves()
    {
        await using var scene = await PushScene.StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => scene.SendAsync(HttpMethod.Post, PushScene.Records, i % 10 == 0 ? "{}" : $"{{\"id\":{i}}}")));
        answers.ShouldAllBe(a => a.Status == 200);
        answers.Count(a => a.Json.GetProperty("rejected").GetInt64() == 1).ShouldBe(10);
        PushScene.Scalar(scene, "select count(*) from items").ShouldBe(90);
    }

    private static Task<Answer> KpiAsync(ServerScene scene, string body, params (string, string)[] headers) => scene.SendAsync(HttpMethod.Post, PushScene.Kpi, body, headers: headers);
}
