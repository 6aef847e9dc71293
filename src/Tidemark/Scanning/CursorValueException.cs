namespace Tidemark.Scanning;

/// <summary>A record without a usable cursor value, where that is declared to fail.</summary>
/// <param name="index">The record's place in its page, from 0.</param>
/// <param name="message">What was found.</param>
public sealed class CursorValueException(int index, string message) : Exception(message)
{
    /// <summary>The record's place in its page, from 0.</summary>
    public int Index { get; } = index;
}
