namespace Tidemark.Http.Authentication;

/// <summary>The token endpoint can't answer now: the call that needed the token may be tried again.</summary>
/// <param name="message">What was answered.</param>
/// <param name="status">The status of the token call.</param>
/// <param name="wait">How long the server wants us to wait; a floor.</param>
/// <param name="quotaWaits">True if the quota has heard of that.</param>
internal sealed class TokenUnavailableException(string message, int status, TimeSpan? wait, bool quotaWaits) : Exception(message)
{
    public int Status { get; } = status;

    public TimeSpan? Wait { get; } = wait;

    public bool QuotaWaits { get; } = quotaWaits;
}
