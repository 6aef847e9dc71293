using Tidemark.Definitions;
using Tidemark.Http.Authentication;
using Tidemark.Http.Wire;

namespace Tidemark.Http;

/// <summary>A key in a header or in the query: exactly one of <see cref="Header"/> and <see cref="Query"/> names it.</summary>
public sealed record ApiKeyAuthenticator : Authenticator
{
    /// <summary>The header that holds the key.</summary>
    public string? Header { get; init; }

    /// <summary>The query parameter that holds the key.</summary>
    public string? Query { get; init; }

    /// <summary>The key.</summary>
    public required Secret Value { get; init; }

    internal override (string? Key, string Message)? Problem() =>
        (Header is null) == (Query is null) ? (null, "api_key needs exactly one of 'header' and 'query', the name that the key is sent under") : null;

    internal override Credential Open(HttpExchange exchange, TimeProvider time) => Header is { } header
        ? new HeaderCredential($"api_key (header {header})", header, Value)
        : new QueryCredential($"api_key (query {Query})", Query!, Value);
}
