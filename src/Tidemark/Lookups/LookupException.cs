namespace Tidemark.Lookups;

/// <summary>There is no answer, and none that may be served in its place.</summary>
/// <param name="failure">Why.</param>
/// <param name="message">For people. No secret in it.</param>
/// <param name="innerException">The cause.</param>
public sealed class LookupException(LookupFailure failure, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Why.</summary>
    public LookupFailure Failure { get; } = failure;

    /// <summary>When to come again; null: it is not known.</summary>
    public DateTimeOffset? RetryAt { get; init; }
}
