using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Enrichment;
using Tidemark.Records;

namespace Tidemark.Configuration.Shapes;

/// <summary>What an answer and its record have in common: a field of both, or <c>{ record: siret, answer: id }</c>.</summary>
internal sealed class EnrichmentMatchFormat : Format<EnrichmentMatch>
{
    private static readonly Format<string> Field = Formats.Parsed(text =>
        JsonPath.Parse(text).IsField ? text : throw new FormatException($"found '{text}', expected one field, such as id or address.city"));

    private static readonly Shape<EnrichmentMatch> Shape = new Shape<EnrichmentMatch>("What an answer and its record have in common.", () => new EnrichmentMatch("", ""))
        .Required("record", Field, (m, v) => m with { Record = v }, "The record's field.")
        .Required("answer", Field, (m, v) => m with { Answer = v }, "The answer's field.");

    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out EnrichmentMatch value)
    {
        if (node is not ScalarNode { IsNull: false }) return Shape.TryRead(node, problems, out value);
        value = Field.TryRead(node, problems, out var both) ? new EnrichmentMatch(both, both) : null;
        return value is not null;
    }

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(Field.Schema(), Shape.Schema()) };
}
