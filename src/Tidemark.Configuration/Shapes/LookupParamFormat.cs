using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Lookups.Keys;
using Tidemark.Records;

namespace Tidemark.Configuration.Shapes;

/// <summary>A parameter of a lookup: its type alone, or <c>{ type: int, min: 1, default: 1 }</c>. The name is the key that it stands under.</summary>
internal sealed class LookupParamFormat : Format<LookupParam>
{
    private static readonly Format<LookupParamType> Type = Formats.OneOf<LookupParamType>();

    private static readonly Format<decimal?> Bound = Formats.Parsed(text =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? (decimal?)number : throw new FormatException($"found '{text}', expected a number"));

    private static readonly Shape<LookupParam> Shape = new Shape<LookupParam>("A parameter.", () => new LookupParam())
        .Optional("type", Type, (p, v) => p with { Type = v }, "What it may be. Default: text.")
        .Optional("required", Formats.Boolean, (p, v) => p with { Required = v }, "True if callers have to give it. Default: where the key names it and it has no default.")
        .Optional("default", Formats.Text, (p, v) => p with { Default = ScalarValue.Of(v) }, "Its value where a caller gives none. Default: it is absent then.")
        .Optional("pattern", Formats.Parsed(LinearPattern.Parse), (p, v) => p with { Pattern = v }, "A regular expression that the whole of a text has to match. Default: any text.")
        .Optional("min", Bound, (p, v) => p with { Min = v }, "The smallest number. Default: any.")
        .Optional("max", Bound, (p, v) => p with { Max = v }, "The largest number. Default: any.")
        .Rule(p => p.Pattern is not null && p.Type != LookupParamType.Text ? ("pattern", "found a pattern, which is for texts only") : null)
        .Rule(p => (p.Min ?? p.Max) is not null && p.Type is not (LookupParamType.Int or LookupParamType.Number) ? (p.Min is null ? "max" : "min", "found a bound, which is for numbers only") : null);

    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out LookupParam value)
    {
        if (node is not ScalarNode { IsNull: false }) return Shape.TryRead(node, problems, out value);
        value = null;
        if (!Type.TryRead(node, problems, out var type)) return false;
        value = new LookupParam { Type = type };
        return true;
    }

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(Type.Schema(), Shape.Schema()) };
}
