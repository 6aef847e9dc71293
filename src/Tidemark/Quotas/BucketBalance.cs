namespace Tidemark.Quotas;

/// <summary>What is in a bucket.</summary>
/// <param name="Balance">The balance, also below 0.</param>
/// <param name="FilledAt">Up to when refills are in it.</param>
internal sealed record BucketBalance(double Balance, long FilledAt)
{
    /// <summary>The most that it holds, as the server said; null: it said nothing.</summary>
    public double? Capacity { get; init; }

    /// <summary>What comes back in a second, as the server said; null: it said nothing.</summary>
    public double? RefillPerSecond { get; init; }
}
