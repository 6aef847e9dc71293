using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Lookups;
using Tidemark.Records;

namespace Tidemark.Configuration.Shapes;

/// <summary>A column that an answer fills: its type alone, or <c>{ path: stats.rank, type: bigint }</c>. The name is the key that it stands under.</summary>
internal sealed class LookupColumnFormat : Format<LookupColumn>
{
    private static readonly Format<ColumnType> Type = Formats.OneOf(Enum.GetValues<ColumnType>().Where(t => t != ColumnType.Bytes).ToDictionary(t => t.ToString().ToLowerInvariant(), t => t, StringComparer.Ordinal));

    private static readonly Format<bool> From = Formats.OneOf(new Dictionary<string, bool>(StringComparer.Ordinal) { ["answer"] = false, ["request"] = true });

    private static readonly Shape<LookupColumn> Shape = new Shape<LookupColumn>("A column.", () => new LookupColumn("", null, ColumnType.Text))
        .Optional("path", Formats.Parsed(JsonPath.Parse), (c, v) => c with { Path = v }, "Where its value is in the answer, or the name of the parameter. Default: under the column's name; of the request, with type: json, all parameters.")
        .Required("type", Type, (c, v) => c with { Type = v }, "The column's type.")
        .Optional("from", From, (c, v) => c with { FromRequest = v }, "answer or request. Default: answer.");

    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out LookupColumn value)
    {
        if (node is not ScalarNode { IsNull: false }) return Shape.TryRead(node, problems, out value);
        value = null;
        if (!Type.TryRead(node, problems, out var type)) return false;
        value = new LookupColumn("", null, type);
        return true;
    }

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(Type.Schema(), Shape.Schema()) };
}
