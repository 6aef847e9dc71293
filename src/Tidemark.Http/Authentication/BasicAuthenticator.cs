using System.Text;
using Tidemark.Definitions;
using Tidemark.Http.Authentication;
using Tidemark.Http.Wire;

namespace Tidemark.Http;

/// <summary>A name and a password as <c>Authorization: Basic</c>, RFC 7617, in UTF-8.</summary>
public sealed record BasicAuthenticator : Authenticator
{
    /// <summary>The user's name, without a colon.</summary>
    public required string Username { get; init; }

    /// <summary>The password; many APIs take a key as the name and no password. Default: empty.</summary>
    public Secret Password { get; init; } = new("");

    internal override (string? Key, string Message)? Problem() =>
        Username.Contains(':', StringComparison.Ordinal) ? ("username", "found a colon in the username, which basic authentication can't send") : null;

    internal override Credential Open(HttpExchange exchange, TimeProvider time)
    {
        var value = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Username}:{Password.Reveal()}"));
        // Without a password the name is the secret.
        var secret = Password.Reveal().Length == 0 ? Username : Password.Reveal();
        return new HeaderCredential("basic", "Authorization", new Secret("Basic " + value), value, secret);
    }
}
