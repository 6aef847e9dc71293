namespace Tidemark.Quotas;

/// <summary>One call that has ended, or several that are counted as one.</summary>
/// <param name="EndedAt">When; of several, the last one.</param>
/// <param name="Cost">What they cost.</param>
internal readonly record struct EndedCalls(long EndedAt, double Cost);
