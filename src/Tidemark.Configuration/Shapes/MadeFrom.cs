using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;

namespace Tidemark.Configuration.Shapes;

/// <summary>A value that is made of what another format reads.</summary>
/// <typeparam name="TRead">What is read.</typeparam>
/// <typeparam name="T">The value.</typeparam>
internal sealed class MadeFrom<TRead, T>(Format<TRead> format, Func<TRead, T> make) : Format<T>
{
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out T value)
    {
        var right = format.TryRead(node, problems, out var read);
        value = right ? make(read!) : default;
        return right;
    }

    public override JsonObject Schema() => format.Schema();
}
