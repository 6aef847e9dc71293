namespace Tidemark.Simulators.Traffic;

/// <summary>What a limit says to one call.</summary>
/// <param name="Allowed">Whether it passes.</param>
/// <param name="Remaining">How many more would pass at the same moment.</param>
/// <param name="MoreAt">When more than these would pass.</param>
internal readonly record struct LimitVerdict(bool Allowed, int Remaining, TimeSpan MoreAt);
