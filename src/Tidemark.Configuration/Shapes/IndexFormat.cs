using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Destinations;

namespace Tidemark.Configuration.Shapes;

/// <summary>An index: a field, a list of fields, or <c>{ columns: [city, name], unique: true }</c>.</summary>
internal sealed class IndexFormat : Format<TableIndex>
{
    private static readonly Format<IReadOnlyList<string>> Columns = Formats.OneOrMany(Formats.Text);

    private static readonly Shape<TableIndex> Shape = new Shape<TableIndex>("An index.", () => new TableIndex([]))
        .Required("columns", Columns, (index, columns) => index with { Columns = columns }, "The field, or the fields, whose columns it covers, in order.")
        .Optional("unique", Formats.Boolean, (index, unique) => index with { Unique = unique }, "True if no two rows may have the same values. Default: false.");

    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out TableIndex value)
    {
        if (node is MappingNode)
        {
            if (!Shape.TryRead(node, problems, out value)) return false;
        }
        else
        {
            value = null;
            if (!Columns.TryRead(node, problems, out var columns)) return false;
            value = new TableIndex(columns);
        }
        if (value.Columns.Count > 0 && value.Columns.Distinct(StringComparer.Ordinal).Count() == value.Columns.Count) return true;
        problems.Add(node.Location, value.Columns.Count == 0 ? "found an index without a column, expected a field or a list of fields" : "found a column twice in one index");
        return false;
    }

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(Columns.Schema(), Shape.Schema()) };
}
