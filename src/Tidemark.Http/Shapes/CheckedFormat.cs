using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;

namespace Tidemark.Http.Shapes;

/// <summary>A value made from another that was read and checked.</summary>
/// <typeparam name="TRead">What is read.</typeparam>
/// <typeparam name="T">What is made of it.</typeparam>
/// <param name="format">Reads.</param>
/// <param name="make">Makes.</param>
internal sealed class CheckedFormat<TRead, T>(Format<TRead> format, Func<TRead, T> make) : Format<T>
{
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out T value)
    {
        var read = format.TryRead(node, problems, out var given);
        value = read ? make(given!) : default;
        return read;
    }

    public override JsonObject Schema() => format.Schema();
}
