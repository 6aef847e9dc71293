namespace Tidemark.Quotas;

/// <summary>A balance that calls are paid from and that refills (Keepa, Shopify). What the server says of its balance replaces ours.</summary>
/// <param name="Capacity">The most that it holds.</param>
/// <param name="Refill">What comes back in each interval.</param>
/// <param name="Interval">The interval.</param>
public sealed record TokenBucket(double Capacity, double Refill, TimeSpan Interval);
