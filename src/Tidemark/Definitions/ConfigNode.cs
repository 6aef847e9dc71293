namespace Tidemark.Definitions;

/// <summary>
/// A node of a configuration: a scalar, a sequence or a mapping. Every node knows where it stands, so that every error can say so.
/// YAML is one maker of nodes; a test or a program may build them by hand. Environment variables are replaced already.
/// </summary>
/// <param name="Location">Where the node starts.</param>
public abstract record ConfigNode(Location Location)
{
    /// <summary>What was found, in words for an error message, e.g. <c>a list</c>.</summary>
    public abstract string Kind { get; }
}

/// <summary>A single value.</summary>
/// <param name="Text">The text, without quotes, environment variables replaced.</param>
/// <param name="Plain">True if it was written without quotes: only then can it be a number, a boolean or null.</param>
/// <param name="Location">Where it stands.</param>
public sealed record ScalarNode(string Text, bool Plain, Location Location) : ConfigNode(Location)
{
    /// <summary>The text as the file has it, where environment variables were replaced in <see cref="Text"/>; null where there are none. Errors show this one: a variable may hold a secret.</summary>
    public string? Written { get; init; }

    /// <summary>True for a plain empty value, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => Plain && Text is "" or "~" or "null";

    /// <inheritdoc/>
    public override string Kind => IsNull ? "nothing" : $"'{Written ?? Text}'";
}

/// <summary>A list.</summary>
/// <param name="Items">The items in order.</param>
/// <param name="Location">Where it starts.</param>
public sealed record SequenceNode(IReadOnlyList<ConfigNode> Items, Location Location) : ConfigNode(Location)
{
    /// <inheritdoc/>
    public override string Kind => "a list";
}

/// <summary>Keys with values, in the order of the file. Keys are distinct: the maker of the nodes refuses repeated ones.</summary>
/// <param name="Entries">Keys and values.</param>
/// <param name="Location">Where it starts.</param>
public sealed record MappingNode(IReadOnlyList<KeyValuePair<ScalarNode, ConfigNode>> Entries, Location Location) : ConfigNode(Location)
{
    /// <inheritdoc/>
    public override string Kind => "a mapping";

    /// <summary>The value of a key, or null.</summary>
    /// <param name="key">The key.</param>
    public ConfigNode? this[string key] => Entries.FirstOrDefault(e => string.Equals(e.Key.Text, key, StringComparison.Ordinal)).Value;
}
