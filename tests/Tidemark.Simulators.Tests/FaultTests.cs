using System.Net;
using System.Text.Json;
using Tidemark.Simulators.Hosting;

namespace Tidemark.Simulators.Tests;

public sealed class FaultTests
{
    private const string Users = "{ allUsers(first: 5) { nodes { id } pageInfo { hasNextPage endCursor } } }";

    [Fact]
    public async Task Status_with_retry_after_strikes_the_ordered_calls_only()
    {
        await using var crm = await Client.StartAsync("crm");
        await crm.FaultAsync("kind=429&count=2&after=1&retry_after=2.5");
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            using var response = await crm.SendQueryAsync(Users);
            statuses.Add(response.StatusCode);
            response.Headers.Date.ShouldNotBeNull();
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
                response.Headers.NonValidated["Retry-After"].ToString().ShouldBe("2.5");
        }

        statuses.ShouldBe([HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests, HttpStatusCode.OK]);
        crm.Simulator.Calls.Total.ShouldBe(4);
        crm.Simulator.Calls.Refused.ShouldBe(2);
        crm.Simulator.Calls.ByField["allUsers"].ShouldBe(4);
    }

    [Theory]
    [InlineData("kind=503", 503, "application/json")]
    [InlineData("kind=html", 200, "text/html")]
    [InlineData("kind=html&status=502", 502, "text/html")]
    [InlineData("kind=redirect&to=http://127.0.0.1:9/", 302, null)]
    public async Task Answer_is_replaced(string fault, int status, string? type)
    {
        await using var crm = await Client.StartAsync("crm");
        await crm.FaultAsync(fault);
        using var response = await crm.SendQueryAsync(Users);
        ((int)response.StatusCode).ShouldBe(status);
        response.Content.Headers.ContentType?.MediaType.ShouldBe(type);
    }

    [Fact]
    public async Task GraphQl_fault_answers_200_with_errors()
    {
        await using var crm = await Client.StartAsync("crm");
        await crm.FaultAsync("kind=graphql");
        (await crm.QueryAsync(Users)).GetProperty("errors").GetArrayLength().ShouldBe(1);
        (await crm.QueryAsync(Users)).TryGetProperty("errors", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("truncate")]
    [InlineData("cut")]
    public async Task Connection_breaks(string kind)
    {
        await using var crm = await Client.StartAsync("crm");
        await crm.FaultAsync("kind=" + kind);
        await Should.ThrowAsync<HttpRequestException>(async () =>
        {
            using var response = await crm.SendQueryAsync(Users);
            await response.Content.ReadAsStringAsync();
        });
        crm.Simulator.Calls.Total.ShouldBe(1);
    }

    [Fact]
    public async Task Garbage_is_no_json()
    {
        await using var crm = await Client.StartAsync("crm");
        await crm.FaultAsync("kind=garbage");
        using var response = await crm.SendQueryAsync(Users);
        var body = await response.Content.ReadAsStringAsync();
        Should.Throw<JsonException>(() => JsonDocument.Parse(body));
    }

    [Fact]
    public async Task Slow_answer_takes_the_delay()
    {
        await using var crm = await Client.StartAsync("crm");
        await crm.FaultAsync("kind=slow&delay=300ms");
        var start = TimeProvider.System.GetTimestamp();
        (await crm.QueryAsync(Users)).TryGetProperty("data", out _).ShouldBeTrue();
        TimeProvider.System.GetElapsedTime(start).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(280));
    }

    [Fact]
    public async Task Empty_null_cursor_and_repeat_spoil_the_paging()
    {
        await using var crm = await Client.StartAsync("crm");
        const string query = "query Q($after: String) { allUsers(first: 5, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }";
        var first = (await crm.QueryAsync(query)).GetProperty("data").GetProperty("allUsers");
        var after = first.GetProperty("pageInfo").GetProperty("endCursor").GetString();

        await crm.FaultAsync("kind=repeat");
        (await crm.QueryAsync(query, new { after })).GetProperty("data").GetProperty("allUsers").GetRawText().ShouldBe(first.GetRawText());
        (await crm.QueryAsync(query, new { after })).GetProperty("data").GetProperty("allUsers").GetRawText().ShouldNotBe(first.GetRawText(), StringComparer.Ordinal);

        await crm.FaultAsync("kind=null_cursor");
        var info = (await crm.QueryAsync(query)).GetProperty("data").GetProperty("allUsers").GetProperty("pageInfo");
        info.GetProperty("hasNextPage").GetBoolean().ShouldBeTrue();
        info.GetProperty("endCursor").ValueKind.ShouldBe(JsonValueKind.Null);

        await crm.FaultAsync("kind=empty");
        (await crm.QueryAsync(query)).GetProperty("data").GetProperty("allUsers").GetProperty("nodes").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("/_sim/fault?kind=nothing")]
    [InlineData("/_sim/fault?kind=429&often=2")]
    [InlineData("/_sim/fault?kind=429&count=-2")]
    [InlineData("/_sim/fault?kind=redirect")]
    [InlineData("/_sim/advance?to=week")]
    public async Task Unknown_order_is_refused_with_400(string path)
    {
        await using var crm = await Client.StartAsync("crm");
        using var response = await crm.PostAsync(path);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain("expected", Case.Insensitive, customMessage: path);
    }

    [Fact]
    public async Task Calls_are_counted_by_the_simulator_and_cleared_by_reset()
    {
        await using var crm = await Client.StartAsync("crm");
        await crm.QueryAsync(Users);
        await crm.QueryAsync(Users);
        (await crm.Http.GetAsync("/nowhere")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var calls = await crm.GetAsync("/_sim/calls");
        calls.GetProperty("total").GetInt32().ShouldBe(3);
        calls.GetProperty("by_path").GetProperty("/graphql/private/").GetInt32().ShouldBe(2);
        calls.GetProperty("by_field").GetProperty("allUsers").GetInt32().ShouldBe(2);
        calls.GetProperty("max_in_window").GetProperty("60s").GetInt32().ShouldBe(3);
        (await crm.PostAsync("/_sim/reset")).EnsureSuccessStatusCode();
        crm.Simulator.Calls.Total.ShouldBe(0);
    }

    [Fact]
    public async Task Unknown_simulator_names_the_known_ones()
    {
        var exception = await Should.ThrowAsync<ArgumentException>(() => RunningSimulator.StartAsync("nothing", new SimulatorOptions(), default));
        exception.Message.ShouldContain("crm, communes");
    }
}
