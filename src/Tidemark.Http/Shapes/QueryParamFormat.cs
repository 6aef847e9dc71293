using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Sources;

namespace Tidemark.Http.Shapes;

/// <summary>A parameter of a query: a text, several of them, or an object that is sent as JSON.</summary>
internal sealed class QueryParamFormat : Format<QueryParamFormat.Param>
{
    private static readonly Format<IReadOnlyList<Template>> Texts = Formats.OneOrMany(Formats.Parsed(Template.Parse));

    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out Param value)
    {
        value = default;
        if (node is MappingNode)
        {
            if (!JsonTemplate.Format.TryRead(node, problems, out var json)) return false;
            value = new Param([], json);
            return true;
        }
        if (!Texts.TryRead(node, problems, out var texts)) return false;
        value = new Param(texts, null);
        return true;
    }

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(Texts.Schema(), new JsonObject { ["type"] = "object" }) };

    /// <summary>What was read.</summary>
    /// <param name="Texts">The texts; empty: it is JSON.</param>
    /// <param name="Json">The JSON; null: it is texts.</param>
    public readonly record struct Param(IReadOnlyList<Template> Texts, JsonTemplate? Json);
}
