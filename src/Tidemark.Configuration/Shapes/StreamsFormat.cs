using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Sources;

namespace Tidemark.Configuration.Shapes;

/// <summary>Streams by name: checks that there are some, and describes them. What is in them is read when the sources are known.</summary>
/// <param name="connectors">What sources may be: each brings keys of its own.</param>
internal sealed class StreamsFormat(IReadOnlyList<SourceConnector> connectors) : Format<MappingNode>
{
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out MappingNode value)
    {
        value = node as MappingNode;
        if (value is { Entries.Count: > 0 }) return true;
        problems.Add(node.Location, value is null && node is not ScalarNode { IsNull: true }
            ? $"found {node.Kind}, expected streams by name"
            : "no streams: expected at least one, such as clients: { request: { path: /clients } }");
        return false;
    }

    public override JsonObject Schema()
    {
        var stream = StreamShape.Keys.Schema();
        var properties = (JsonObject)stream["properties"]!;
        var enrich = EnrichmentShape.Schema(connectors);
        enrich["description"] = properties["enrich"]!["description"]!.DeepClone();
        properties["enrich"] = enrich;
        foreach (var (key, schemas) in ConnectorKeys())
        {
            // Several types of source may read the same key, each in its own way.
            if (!properties.ContainsKey(key)) properties[key] = schemas.Count == 1 ? schemas[0] : new JsonObject { ["anyOf"] = new JsonArray([.. schemas]) };
        }
        return new JsonObject { ["type"] = "object", ["minProperties"] = 1, ["additionalProperties"] = stream };
    }

    private OrderedDictionary<string, List<JsonNode>> ConnectorKeys()
    {
        var keys = new OrderedDictionary<string, List<JsonNode>>(StringComparer.Ordinal);
        foreach (var connector in connectors.OrderBy(c => c.Type, StringComparer.Ordinal))
        {
            foreach (var (key, schema) in (JsonObject)connector.StreamSchema()["properties"]!)
            {
                if (!keys.TryGetValue(key, out var schemas)) keys.Add(key, schemas = []);
                if (!schemas.Exists(s => JsonNode.DeepEquals(s, schema))) schemas.Add(schema!.DeepClone());
            }
        }
        return keys;
    }
}
