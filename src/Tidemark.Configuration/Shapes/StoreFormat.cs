using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;

namespace Tidemark.Configuration.Shapes;

/// <summary>Where runs and failed records are kept: <c>sqlite:PATH</c>. A relative path is relative to the configuration file.</summary>
internal sealed class StoreFormat : Format<string>
{
    private const string Sqlite = "sqlite:";

    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out string value)
    {
        value = null;
        var text = (node as ScalarNode)?.Text ?? "";
        if (text.StartsWith(Sqlite, StringComparison.Ordinal) && text.Length > Sqlite.Length)
        {
            value = Sqlite + Formats.InDirectoryOf(node.Location.File, text[Sqlite.Length..]);
            return true;
        }
        // A URL may hold a password: it is not shown.
        problems.Add(node.Location, text.StartsWith("postgres", StringComparison.Ordinal)
            ? "a store in PostgreSQL is not available in this version; expected sqlite:PATH"
            : "expected sqlite:PATH, such as sqlite:.tidemark/store.db");
        return false;
    }

    public override JsonObject Schema() => new() { ["type"] = "string" };
}
