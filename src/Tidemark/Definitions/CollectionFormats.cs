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

internal sealed class ParsedFormat<T>(Func<string, T> parse) : Format<T>
{
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not ScalarNode { IsNull: false } scalar)
        {
            problems.Add(node.Location, $"found {node.Kind}, expected a text");
            return false;
        }
        try
        {
            value = parse(scalar.Text)!;
            return true;
        }
        catch (FormatException e)
        {
            // The parser's reason quotes what it was given, which is not for showing where a variable stood in it.
            problems.Add(node.Location, scalar.Written is null ? e.Message : $"found {node.Kind}, whose value can't be read here");
            return false;
        }
    }

    public override JsonObject Schema() => Formats.Type("string");
}

internal sealed class NodeFormat : Format<ConfigNode>
{
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out ConfigNode value)
    {
        value = node;
        return true;
    }

    public override JsonObject Schema() => [];
}
