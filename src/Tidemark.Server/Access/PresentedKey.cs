using System.Security.Cryptography;
using Tidemark.Access;

namespace Tidemark.Server.Access;

/// <summary>The key that a request shows.</summary>
internal static class PresentedKey
{
    private const string Bearer = "Bearer ";

    /// <summary>Its text, from <c>Authorization: Bearer</c> or <c>X-API-Key</c>; null: none is shown.</summary>
    public static string? Of(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return authorization[Bearer.Length..].Trim();
        return request.Headers.TryGetValue("X-API-Key", out var key) ? key.ToString().Trim() : null;
    }

    /// <summary>The key with this text that holds; null: there is none. It takes the same time whichever it is, and however much of a hash is right.</summary>
    public static ApiKey? Find(string token, IReadOnlyList<ApiKey> keys)
    {
        var hash = ApiKeyToken.Hash(token);
        ApiKey? found = null;
        foreach (var key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(key.Hash.Span, hash) && key.RevokedAt is null) found = key;
        }
        return found;
    }
}
