using System.Net;
using System.Text.Json;
using Tidemark.Simulators.Hosting;

namespace Tidemark.Simulators.Tests;

public sealed class CrmGraphQlTests
{
    [Fact]
    public async Task Wrong_key_is_refused_with_401()
    {
        await using var crm = await Client.StartAsync("crm");
        using var response = await crm.SendQueryAsync("{ allUsers { totalCount } }", key: "wrong");
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        crm.Simulator.Calls.Total.ShouldBe(1);
        crm.Simulator.Calls.Refused.ShouldBe(0);
    }

    [Theory]
    [InlineData("{ allClients { nodes { x } } }", "Field 'x' doesn't exist on type 'Client'")]
    [InlineData("{ allThings { nodes { id } } }", "Field 'allThings' doesn't exist on type 'Query'")]
    [InlineData("{ allClients(last: 1) { totalCount } }", "Field 'allClients' doesn't accept argument 'last'")]
    [InlineData("{ allClients(sortBy: [NAME]) { totalCount } }", "invalid value (NAME)")]
    [InlineData("{ allClients(after: \"nonsense\") { totalCount } }", "Invalid cursor 'nonsense'")]
    [InlineData("{ allClients(filters: {x: \"1\"}) { totalCount } }", "doesn't accept argument 'x'")]
    [InlineData("{ allClients { nodes { address } } }", "Field must have selections")]
    [InlineData("{ allClients { nodes { id { x } } } }", "Selections can't be made on scalars")]
    [InlineData("{ allClients { nodes { ...Fields } } }", "Fragments are not read")]
    [InlineData("query Q($after: String!) { allClients(after: $after) { totalCount } }", "Variable $after of type String!")]
    [InlineData("{ allClients {", "Parse error")]
    [InlineData("mutation { allClients { totalCount } }", "not configured for mutations")]
    public async Task Bad_query_is_answered_with_200_and_errors(string query, string message)
    {
        await using var crm = await Client.StartAsync("crm");
        using var response = await crm.SendQueryAsync(query);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        body.GetProperty("errors")[0].GetProperty("message").GetString()!.ShouldContain(message);
        body.TryGetProperty("data", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Only_the_selected_fields_come_under_their_aliases()
    {
        await using var crm = await Client.StartAsync("crm");
        var answer = await crm.QueryAsync(
            "query Q($n: Int = 2) { # comment\n all: allUsers(first: $n, filters: {}) { edges { cursor node { key: id, __typename } } } }");
        var edges = answer.GetProperty("data").GetProperty("all").GetProperty("edges");
        edges.GetArrayLength().ShouldBe(2);
        edges[0].GetProperty("node").EnumerateObject().Select(one => one.Name).ShouldBe(["key", "__typename"]);
        edges[0].GetProperty("cursor").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Page_larger_than_100_is_capped()
    {
        await using var crm = await Client.StartAsync("crm");
        var answer = await crm.QueryAsync("{ allClients(first: 5000) { nodes { id } } }");
        answer.GetProperty("data").GetProperty("allClients").GetProperty("nodes").GetArrayLength().ShouldBe(100);
    }

    [Fact]
    public async Task Paging_stays_exact_for_untouched_records_while_others_change()
    {
        await using var crm = await Client.StartAsync("crm");
        var before = await crm.TruthAsync("pianos");
        await crm.FaultAsync("kind=mutate&count=1000");
        var seen = (await crm.WalkAsync("pianos")).ConvertAll(one => one.GetProperty("id").GetString()!);
        var after = await crm.TruthAsync("pianos");

        seen.Distinct(StringComparer.Ordinal).Count().ShouldBe(seen.Count);
        after.ShouldNotBe(before);
        before.Keys.Intersect(after.Keys, StringComparer.Ordinal).Except(seen, StringComparer.Ordinal).ShouldBeEmpty();
        after.Keys.Except(before.Keys, StringComparer.Ordinal).Count().ShouldBe(11);
        before.Keys.Except(after.Keys, StringComparer.Ordinal).Count().ShouldBeInRange(10, 11);
    }

    [Fact]
    public async Task Cost_throttling_refuses_when_the_bucket_is_empty()
    {
        await using var crm = await Client.StartAsync("crm", new SimulatorOptions { CostThrottling = true, Interval = TimeSpan.FromHours(1) });
        JsonElement answer;
        var calls = 0;
        do
        {
            answer = await crm.QueryAsync(CrmQueries.All("clients"), new { first = 100 });
            calls++;
        }
        while (!answer.TryGetProperty("errors", out _) && calls < 20);

        calls.ShouldBe(5);
        answer.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString().ShouldBe("THROTTLED");
        var cost = answer.GetProperty("extensions").GetProperty("cost");
        cost.GetProperty("requestedQueryCost").GetInt32().ShouldBe(202);
        cost.GetProperty("actualQueryCost").ValueKind.ShouldBe(JsonValueKind.Null);
        cost.GetProperty("throttleStatus").GetProperty("currentlyAvailable").GetInt32().ShouldBe(192);
        crm.Simulator.Calls.Refused.ShouldBe(1);
    }
}
