using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Lookups;
using Tidemark.Sources;

namespace Tidemark.Configuration.Shapes;

/// <summary>Lookups, which are read apart: what a lookup asks depends on its source.</summary>
/// <param name="connectors">What sources may be.</param>
/// <param name="computations">What may be computed.</param>
internal sealed class LookupsFormat(IReadOnlyList<SourceConnector> connectors, IReadOnlyList<LookupComputationConnector> computations) : Format<ConfigNode>
{
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out ConfigNode value)
    {
        value = node;
        if (node is MappingNode or ScalarNode { IsNull: true }) return true;
        problems.Add(node.Location, $"found {node.Kind}, expected names with lookups");
        return false;
    }

    public override JsonObject Schema()
    {
        var one = LookupShape.Keys(computations).Schema();
        var properties = (JsonObject)one["properties"]!;
        foreach (var stream in connectors.OrderBy(c => c.Type, StringComparer.Ordinal).Select(c => (JsonObject)c.StreamSchema()["properties"]!))
        {
            foreach (var key in LookupShape.OfSource.Where(k => stream[k] is not null)) properties.TryAdd(key, stream[key]!.DeepClone());
        }
        return new JsonObject { ["type"] = "object", ["additionalProperties"] = one };
    }
}
