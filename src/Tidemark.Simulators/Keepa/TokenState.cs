namespace Tidemark.Simulators.Keepa;

/// <summary>How the tokens of a key stand.</summary>
/// <param name="Runs">Whether the call runs.</param>
/// <param name="Left">What is left, below 0 too.</param>
/// <param name="RefillIn">When some come back.</param>
internal readonly record struct TokenState(bool Runs, long Left, TimeSpan RefillIn);
