using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Tidemark.Definitions;

/// <summary>Reads a scalar: the parser answers null for what it cannot take.</summary>
/// <typeparam name="T">The value.</typeparam>
/// <param name="expected">What is expected, for the error: <c>a whole number from 1 to 100</c>.</param>
/// <param name="parse">Gives the value in a box, or null.</param>
/// <param name="schema">The JSON schema.</param>
/// <param name="secret">True if an error must not show what was found.</param>
public sealed class ScalarFormat<T>(string expected, Func<ScalarNode, (bool Ok, T? Value)> parse, Func<JsonObject> schema, bool secret = false) : Format<T>
{
    /// <inheritdoc/>
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out T value)
    {
        if (node is ScalarNode scalar && parse(scalar) is (true, { } parsed))
        {
            value = parsed;
            return true;
        }
        var found = secret && node is ScalarNode { IsNull: false } ? "a value that is not shown here" : node.Kind;
        problems.Add(node.Location, $"found {found}, expected {expected}");
        value = default;
        return false;
    }

    /// <inheritdoc/>
    public override JsonObject Schema() => schema();
}
