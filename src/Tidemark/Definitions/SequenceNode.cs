namespace Tidemark.Definitions;

/// <summary>A list.</summary>
/// <param name="Items">The items in order.</param>
/// <param name="Location">Where it starts.</param>
public sealed record SequenceNode(IReadOnlyList<ConfigNode> Items, Location Location) : ConfigNode(Location)
{
    /// <inheritdoc/>
    public override string Kind => "a list";
}
