using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Sources;

namespace Tidemark.Configuration.Shapes;

/// <summary>A source of any registered type.</summary>
internal sealed class SourceFormat : Format<SourceDefinition>
{
    private const string Quota = "quota";
    private static readonly QuotaUseFormat Use = new();
    private readonly Variants<SourceDefinition> _variants = new("source");

    public SourceFormat(IEnumerable<SourceConnector> connectors)
    {
        foreach (var connector in connectors.OrderBy(c => c.Type, StringComparer.Ordinal)) connector.AddTo(_variants);
    }

    // Quotas are the engine's, whatever the source; no connector reads this key.
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out SourceDefinition value)
    {
        if (node is not MappingNode mapping || mapping[Quota] is not { } named) return _variants.TryRead(node, problems, out value);
        var known = Use.TryRead(named, problems, out var quota);
        var rest = mapping with { Entries = [.. mapping.Entries.Where(e => e.Key.Text is not Quota)] };
        if (!_variants.TryRead(rest, problems, out value) || !known) return false;
        value = value with { Quota = quota };
        return true;
    }

    public override JsonObject Schema()
    {
        var schema = _variants.Schema();
        foreach (var variant in schema["anyOf"]!.AsArray())
        {
            var use = Use.Schema();
            use["description"] = "The quota that its calls are counted in, by name, or { name: …, cost: … }. Default: none.";
            variant!["properties"]![Quota] = use;
        }
        return schema;
    }
}
