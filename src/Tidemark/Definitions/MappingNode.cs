namespace Tidemark.Definitions;

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
