namespace Tidemark.Sources;

/// <summary>A source that can't go on: what was found, what was expected, what to do.</summary>
/// <param name="message">For the user.</param>
/// <param name="innerException">The cause.</param>
public sealed class SourceException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>True if the source refused the position that the reading was to begin with: the scan may start over.</summary>
    public bool PositionRefused { get; init; }

    /// <summary>True if what failed may work later: the source is not to be reached, or overloaded, rather than that it refuses what was asked.</summary>
    public bool IsTemporary { get; init; }
}
