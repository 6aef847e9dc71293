namespace Tidemark.Lookups.Keys;

/// <summary>What a caller asks for can't be a key: nobody was called, nothing was spent.</summary>
/// <param name="message">What was found, what was expected.</param>
public sealed class LookupInputException(string message) : Exception(message);
