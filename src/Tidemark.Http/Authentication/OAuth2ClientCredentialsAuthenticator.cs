using Tidemark.Definitions;
using Tidemark.Http.Authentication;
using Tidemark.Http.Wire;

namespace Tidemark.Http;

/// <summary>
/// OAuth 2 client credentials, RFC 6749 section 4.4: a token is fetched when the first call needs it, kept until shortly before it expires, and fetched
/// again once when the source refuses it. The client's id and secret go into the body of the token call. Token calls count as requests.
/// </summary>
public sealed record OAuth2ClientCredentialsAuthenticator : Authenticator
{
    /// <summary>Where tokens come from; it may be another origin than the source's.</summary>
    public required Uri TokenUrl { get; init; }

    /// <summary>The client's id.</summary>
    public required string ClientId { get; init; }

    /// <summary>The client's secret.</summary>
    public required Secret ClientSecret { get; init; }

    /// <summary>What the token is for; default: none is sent.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Whom the token is for, where the server wants to know; default: none is sent.</summary>
    public string? Audience { get; init; }

    internal override Credential Open(HttpExchange exchange, TimeProvider time) => new TokenCredential(this, exchange, time);
}
