namespace Tidemark.Simulators.Traffic;

/// <summary>How long answers are held back: a random time of this range for each call.</summary>
/// <param name="Least">The shortest delay; not negative.</param>
/// <param name="Most">The longest delay; not below <paramref name="Least"/>.</param>
public readonly record struct DelayRange(TimeSpan Least, TimeSpan Most);
