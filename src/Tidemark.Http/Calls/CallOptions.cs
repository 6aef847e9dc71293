namespace Tidemark.Http.Calls;

/// <summary>How a source makes its calls.</summary>
/// <param name="Timeout">How long a call may take, from when it is sent until its body is read.</param>
/// <param name="Retry">How it is tried again.</param>
/// <param name="Rules">The error handler.</param>
/// <param name="Secrets">Values that must not be shown, beside the credential's.</param>
internal sealed record CallOptions(TimeSpan Timeout, RetryDefinition Retry, IReadOnlyList<ErrorRule> Rules, IReadOnlyList<string> Secrets);
