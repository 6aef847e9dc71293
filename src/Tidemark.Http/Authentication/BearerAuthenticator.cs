using Tidemark.Definitions;
using Tidemark.Http.Authentication;
using Tidemark.Http.Wire;

namespace Tidemark.Http;

/// <summary>A token as <c>Authorization: Bearer</c>, RFC 6750.</summary>
public sealed record BearerAuthenticator : Authenticator
{
    /// <summary>The token.</summary>
    public required Secret Token { get; init; }

    internal override Credential Open(HttpExchange exchange, TimeProvider time) =>
        new HeaderCredential("bearer", "Authorization", new Secret("Bearer " + Token.Reveal()), Token.Reveal());
}
