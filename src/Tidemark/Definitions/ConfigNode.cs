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
