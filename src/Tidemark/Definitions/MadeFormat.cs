using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Tidemark.Definitions;

internal sealed class MadeFormat<TRead, T>(Format<TRead> format, Func<TRead, T> make) : Format<T>
{
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out T value)
    {
        var right = format.TryRead(node, problems, out var read);
        value = right ? make(read!) : default;
        return right;
    }

    public override JsonObject Schema() => format.Schema();
}
