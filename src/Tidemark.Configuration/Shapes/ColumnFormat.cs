using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Records;

namespace Tidemark.Configuration.Shapes;

/// <summary>A declared column: <c>{ path: address.city, type: text }</c>, or its type alone. The name is the key that it stands under.</summary>
internal sealed class ColumnFormat : Format<DeclaredColumn>
{
    private static readonly Format<ColumnType> Type = Formats.OneOf<ColumnType>();

    private static readonly Shape<DeclaredColumn> Shape = new Shape<DeclaredColumn>("A declared column.", () => new DeclaredColumn("", null, null))
        .Optional("path", Formats.Parsed(JsonPath.Parse), (column, path) => column with { Path = path }, "Where in the record the value is, e.g. address.city. Default: the field of the column's name.")
        .Optional("type", Type, (column, type) => column with { Type = type }, "The column's type. Default: inferred from what arrives.");

    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out DeclaredColumn value)
    {
        if (node is not ScalarNode { IsNull: false }) return Shape.TryRead(node, problems, out value);
        value = null;
        if (!Type.TryRead(node, problems, out var type)) return false;
        value = new DeclaredColumn("", null, type);
        return true;
    }

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(Type.Schema(), Shape.Schema()) };
}
