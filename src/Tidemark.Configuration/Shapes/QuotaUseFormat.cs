using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Quotas;

namespace Tidemark.Configuration.Shapes;

/// <summary>The quota of a source: its name, or <c>{ name: gazelle, cost: 2 }</c>.</summary>
internal sealed class QuotaUseFormat : Format<QuotaUse>
{
    private static readonly Shape<QuotaUse> Shape = new Shape<QuotaUse>("A quota.", () => new QuotaUse(""))
        .Required("name", Formats.Text, (q, v) => q with { Name = v }, "Its name.")
        .Optional("cost", Formats.Number, (q, v) => q with { Cost = v }, "What a call is expected to cost where its request says nothing. Default: 1.");

    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out QuotaUse value)
    {
        if (node is not ScalarNode { IsNull: false }) return Shape.TryRead(node, problems, out value);
        value = Formats.Text.TryRead(node, problems, out var name) ? new QuotaUse(name) : null;
        return value is not null;
    }

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(Formats.Text.Schema(), Shape.Schema()) };
}
