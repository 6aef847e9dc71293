using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Tidemark.Definitions;

internal sealed class ListFormat<T>(Format<T> item, bool single) : Format<IReadOnlyList<T>>
{
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
    {
        value = null;
        var before = problems.Count;
        if (node is not SequenceNode && !single)
        {
            problems.Add(node.Location, $"found {node.Kind}, expected a list, such as [a, b]");
            return false;
        }
        IReadOnlyList<ConfigNode> items = node is SequenceNode sequence ? sequence.Items : [node];
        var values = new List<T>(items.Count);
        foreach (var one in items)
        {
            if (item.TryRead(one, problems, out var read)) values.Add(read);
        }
        value = values;
        return problems.Count == before;
    }

    public override JsonObject Schema()
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = item.Schema() };
        return single ? new JsonObject { ["anyOf"] = new JsonArray(item.Schema(), list) } : list;
    }
}
