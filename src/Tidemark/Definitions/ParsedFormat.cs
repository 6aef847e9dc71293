using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Tidemark.Definitions;

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
