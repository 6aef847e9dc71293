using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Tidemark.Definitions;

internal sealed class NodeFormat : Format<ConfigNode>
{
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out ConfigNode value)
    {
        value = node;
        return true;
    }

    public override JsonObject Schema() => [];
}
