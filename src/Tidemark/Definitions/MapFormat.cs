using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Tidemark.Definitions;

internal sealed class MapFormat<T>(Format<T> item) : Format<IReadOnlyDictionary<string, T>>
{
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out IReadOnlyDictionary<string, T> value)
    {
        value = null;
        if (node is not MappingNode mapping)
        {
            problems.Add(node.Location, $"found {node.Kind}, expected names with values");
            return false;
        }
        var before = problems.Count;
        // Declared order matters to users: streams run in it.
        var values = new OrderedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (key, one) in mapping.Entries)
        {
            if (item.TryRead(one, problems, out var read)) values[key.Text] = read;
        }
        value = values;
        return problems.Count == before;
    }

    public override JsonObject Schema() => new() { ["type"] = "object", ["additionalProperties"] = item.Schema() };
}
