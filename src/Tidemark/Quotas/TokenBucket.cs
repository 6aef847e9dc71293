using System.Globalization;
using Tidemark.Definitions;

namespace Tidemark.Quotas;

/// <summary>A balance that calls are paid from and that refills (Keepa, Shopify). What the server says of its balance replaces ours.</summary>
/// <param name="Capacity">The most that it holds.</param>
/// <param name="Refill">What comes back in each interval.</param>
/// <param name="Interval">The interval.</param>
public sealed record TokenBucket(double Capacity, double Refill, TimeSpan Interval)
{
    /// <summary>In words: 1000, 50 back in 1s.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Capacity:0.##}, {Refill:0.##} back in {Durations.Format(Interval)}");
}
