namespace Tidemark.Planning;

/// <summary>What is known of a stream's enrichment.</summary>
/// <param name="Parallel">How many questions are under way at once.</param>
internal sealed record AskFacts(int Parallel)
{
    /// <summary>The quota of its calls; null: none.</summary>
    public string? Quota { get; init; }

    /// <summary>What a call costs.</summary>
    public double Cost { get; init; } = 1;

    /// <summary>Questions about the records that are left whose answer is kept.</summary>
    public long Kept { get; init; }
}
