namespace Tidemark.Access;

/// <summary>A key that callers of <c>tidemark serve</c> show; of its text only a hash is known.</summary>
/// <param name="Name">What people call it; of a pipeline's keys that are not revoked no two have one name.</param>
/// <param name="Hash"><see cref="ApiKeyToken.Hash"/> of its text, 32 bytes.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record ApiKey(string Name, ReadOnlyMemory<byte> Hash, DateTimeOffset CreatedAt)
{
    /// <summary>The paths that it opens; one that ends in <c>/*</c> stands for all below it. Empty: none but those of <see cref="IsAdmin"/>.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>True if it opens everything: operations, failed payloads, and all routes.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>When it was revoked; null: it holds.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>True if it opens a path.</summary>
    /// <param name="path">The path, without a query.</param>
    public bool Opens(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return IsAdmin || Routes.Any(r => r.EndsWith("/*", StringComparison.Ordinal) ? path.StartsWith(r[..^1], StringComparison.OrdinalIgnoreCase) : string.Equals(r, path, StringComparison.OrdinalIgnoreCase));
    }
}
