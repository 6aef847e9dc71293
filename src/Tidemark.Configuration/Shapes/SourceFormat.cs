using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Sources;

namespace Tidemark.Configuration.Shapes;

/// <summary>A source of any registered type.</summary>
internal sealed class SourceFormat : Format<SourceDefinition>
{
    private const string Quota = "quota";
    private readonly Variants<SourceDefinition> _variants = new("source");

    public SourceFormat(IEnumerable<SourceConnector> connectors)
    {
        foreach (var connector in connectors.OrderBy(c => c.Type, StringComparer.Ordinal)) connector.AddTo(_variants);
        _variants.Later("push");
    }

    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out SourceDefinition value)
    {
        // Quotas are the engine's, whatever the source; no connector reads this key.
        if (node is MappingNode mapping && mapping.Entries.FirstOrDefault(e => e.Key.Text is Quota).Key is { } quota)
        {
            problems.Add(quota.Location, "'quota' is not available in this version; take it out");
            node = mapping with { Entries = [.. mapping.Entries.Where(e => e.Key.Text is not Quota)] };
            _variants.TryRead(node, problems, out _);
            value = null;
            return false;
        }
        return _variants.TryRead(node, problems, out value);
    }

    public override JsonObject Schema() => _variants.Schema();
}
