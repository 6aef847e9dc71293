using Tidemark.Quotas;

namespace Tidemark.Planning;

/// <summary>What holds a stream up most.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Quota">The quota; null: it is none.</param>
/// <param name="About">The limit of the quota in words, such as 100 in 1m; empty: it is none.</param>
public sealed record Bottleneck(BottleneckKind Kind, string? Quota, string About)
{
    /// <summary>A limit of a quota.</summary>
    internal static Bottleneck OfQuota(string quota, QuotaMeterKind kind, string about) => new(kind == QuotaMeterKind.Budget ? BottleneckKind.Budget : BottleneckKind.Quota, quota, about);
}
