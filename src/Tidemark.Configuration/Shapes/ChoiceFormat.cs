using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;

namespace Tidemark.Configuration.Shapes;

/// <summary>A choice of which a later version brings more: what is there already, and what is refused, never ignored.</summary>
/// <param name="here">The names that this version has.</param>
/// <param name="later">The names that a later version brings.</param>
internal sealed class ChoiceFormat(string[] here, string[] later) : Format<string>
{
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out string value)
    {
        value = (node as ScalarNode)?.Text ?? "";
        if (here.Contains(value, StringComparer.Ordinal)) return true;
        problems.Add(node.Location, later.Contains(value, StringComparer.Ordinal)
            ? $"'{value}' is not available in this version; expected {string.Join(" or ", here)}"
            : $"found {node.Kind}, expected {string.Join(" or ", here)}");
        return false;
    }

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. here.Select(name => JsonValue.Create(name))]) };
}
