using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Destinations;

namespace Tidemark.Configuration.Shapes;

/// <summary>Where runs and failed records are kept: <c>sqlite:PATH</c> or <c>postgresql://…</c>. A relative path is relative to the configuration file.</summary>
internal sealed class StoreFormat(IReadOnlyList<DestinationConnector> connectors) : Format<DestinationDefinition>
{
    private static readonly string[] Schemes = ["sqlite:", "postgresql://", "postgres://"];

    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out DestinationDefinition value)
    {
        value = null;
        var text = (node as ScalarNode)?.Text ?? "";
        try
        {
            if (Array.Exists(Schemes, s => text.StartsWith(s, StringComparison.OrdinalIgnoreCase)))
                value = connectors.Select(c => c.FromUrl(text, Path.GetDirectoryName(node.Location.File) ?? "")).FirstOrDefault(d => d is not null);
        }
        catch (FormatException e)
        {
            problems.Add(node.Location, e.Message);
            return false;
        }
        // A URL may hold a password: it is not shown.
        if (value is null) problems.Add(node.Location, "expected sqlite:PATH, such as sqlite:.tidemark/store.db, or the URL of a PostgreSQL database, such as \"${STORE_URL}\"");
        return value is not null;
    }

    public override JsonObject Schema() => new() { ["type"] = "string" };
}
