using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Tidemark.Definitions;

/// <summary>How one kind of value is read from a node, and what a JSON schema says of it: one declaration serves both.</summary>
/// <typeparam name="T">The value.</typeparam>
public abstract class Format<T>
{
    /// <summary>
    /// Reads a node. Everything that is wrong is added to <paramref name="problems"/> with its place; the answer is false then,
    /// and reading goes on elsewhere, so that all problems of a file are found at once.
    /// </summary>
    /// <param name="node">What was written.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="value">The value, if the answer is true.</param>
    public abstract bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out T value);

    /// <summary>The JSON schema of the value; a new object at each call.</summary>
    public abstract JsonObject Schema();
}
