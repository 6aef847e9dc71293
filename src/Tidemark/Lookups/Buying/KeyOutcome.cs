using Tidemark.Lookups.Keeping;

namespace Tidemark.Lookups.Buying;

/// <summary>What became of a key that was not in memory.</summary>
/// <param name="Entry">The answer; null: there is none.</param>
internal sealed record KeyOutcome(KeptEntry? Entry)
{
    /// <summary>True if it was bought now, by this process.</summary>
    public bool IsBought { get; init; }

    /// <summary>True if its time is over.</summary>
    public bool IsStale { get; init; }

    /// <summary>Why there is no answer.</summary>
    public LookupException? Problem { get; init; }
}
