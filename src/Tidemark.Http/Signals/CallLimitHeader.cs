namespace Tidemark.Http.Signals;

/// <summary>Reads <c>X-Shopify-Shop-Api-Call-Limit: 32/40</c>: a bucket that holds 40 calls, of which 32 are used.</summary>
internal static class CallLimitHeader
{
    /// <summary>The header.</summary>
    public const string Name = "X-Shopify-Shop-Api-Call-Limit";

    /// <summary>How many calls leak out of it in a second.</summary>
    public const double LeakPerSecond = 2;

    /// <summary>What the bucket has; null if the header is missing or unreadable.</summary>
    /// <param name="header">The header.</param>
    public static (double Balance, double Capacity)? Read(string? header) =>
        header?.Split('/') is [var used, var most] && ResetTime.Number(used) is { } spent && ResetTime.Number(most) is { } capacity and > 0 ? (capacity - spent, capacity) : null;
}
