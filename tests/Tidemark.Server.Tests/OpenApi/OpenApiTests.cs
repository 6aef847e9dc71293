using System.Text.Json;
using System.Text.Json.Nodes;
using Tidemark.Server.Tests.Pushing;

namespace Tidemark.Server.Tests.OpenApi;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Document_names_each_route_with_its_methods_and_no_other()
    {
        await using var scene = await PushScene.StartAsync();
        var document = JsonNode.Parse((await scene.GetAsync("/openapi/v1.json")).Body)!;
        document["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        var described = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(m => $"{m.Key.ToUpperInvariant()} {p.Key}"));
        // What takes the posts to streams that are not there is no route of its own.
        described.ShouldBe(scene.Routes.Where(r => !r.Contains("{stream}", StringComparison.Ordinal)), ignoreOrder: true);
        document["paths"]![PushScene.Kpi]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["required"]!.AsArray().Select(n => n!.GetValue<string>()).ShouldBe(["store_id", "date", "source", "kpi_entries"]);
    }

    [Fact]
    public async Task References_of_the_document_lead_somewhere()
    {
        await using var scene = await PushScene.StartAsync();
        var document = JsonNode.Parse((await scene.GetAsync("/openapi/v1.json")).Body)!;
        var references = References(document).ToList();
        references.Count.ShouldBeGreaterThan(10);
        foreach (var reference in references)
            reference[2..].Split('/').Aggregate((JsonNode?)document, (node, name) => node?[name]).ShouldNotBeNull(reference);
        var ids = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!["operationId"]!.GetValue<string>()).ToList();
        ids.ShouldBeUnique(StringComparer.Ordinal);
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => p.Key == "$ref" && p.Value!.GetValueKind() == JsonValueKind.String ? [p.Value.GetValue<string>()] : References(p.Value)),
        JsonArray a => a.SelectMany(References),
        _ => [],
    };
}
