namespace Tidemark.Simulators.Sirene;

/// <summary>
/// Draws any trait of any company without drawing those before it: a company is made when it is asked for, the same each time.
/// </summary>
internal readonly struct CompanyDice(int seed)
{
    /// <summary>A number from 0 to below <paramref name="below"/>.</summary>
    public long Roll(int ordinal, CompanyTrait trait, long below)
    {
        // The finalizer of SplitMix64: every bit of the input moves about half of the bits of the output.
        var mixed = ((ulong)(uint)seed << 40) ^ ((ulong)trait << 32) ^ (uint)ordinal;
        mixed = (mixed + 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (long)((mixed ^ (mixed >> 31)) % (ulong)below);
    }

    public T Pick<T>(int ordinal, CompanyTrait trait, IReadOnlyList<T> from) => from[(int)Roll(ordinal, trait, from.Count)];
}
