namespace Tidemark.Pushing;

/// <summary>What a <see cref="Gatherer"/> has done so far.</summary>
/// <param name="Posts">Posts that were answered as written.</param>
/// <param name="Records">Records of these, rejected ones included.</param>
/// <param name="Transactions">Transactions that were committed.</param>
/// <param name="Retries">Attempts that were repeated after a temporary error.</param>
/// <param name="Full">Posts that found no room.</param>
public readonly record struct GathererStatistics(long Posts, long Records, long Transactions, long Retries, long Full);
