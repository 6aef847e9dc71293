namespace Tidemark.Http.Authentication;

/// <summary>The token endpoint can't answer now: the call that needed the token may be tried again.</summary>
/// <param name="message">What was answered.</param>
/// <param name="status">The status of the token call.</param>
/// <param name="retryAfter">Its Retry-After header.</param>
/// <param name="date">Its Date header.</param>
internal sealed class TokenUnavailableException(string message, int status, string? retryAfter, DateTimeOffset? date) : Exception(message)
{
    public int Status { get; } = status;

    public string? RetryAfter { get; } = retryAfter;

    public DateTimeOffset? Date { get; } = date;
}
