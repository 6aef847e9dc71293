namespace Tidemark.Quotas;

/// <summary>What of a server's answers tells about its quota.</summary>
[Flags]
public enum QuotaSignals
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The header Retry-After.</summary>
    RetryAfter = 1,

    /// <summary>Headers of limits: X-RateLimit-*, X-Rate-Limit-*, RateLimit-*, RateLimit and RateLimit-Policy, X-Shopify-Shop-Api-Call-Limit.</summary>
    Headers = 2,

    /// <summary>Keepa's tokensLeft, refillIn and refillRate in the body.</summary>
    Keepa = 4,

    /// <summary>Shopify's extensions.cost in the body of a GraphQL answer.</summary>
    GraphQlCost = 8,
}
