namespace Tidemark.Planning;

/// <summary>The questions of a stream's enrichment that are still to be asked.</summary>
internal sealed record AskWork
{
    /// <summary>How many; those about the first records are the ones that are answered already.</summary>
    public required long Questions { get; init; }

    /// <summary>How many are under way at once.</summary>
    public required int Parallel { get; init; }

    /// <summary>From asking until the answer is kept; waits for a quota come on top.</summary>
    public TimeSpan Each { get; init; }

    /// <summary>The quota of its calls; null: none.</summary>
    public string? Quota { get; init; }

    /// <summary>What a question costs, with the calls that are tried again.</summary>
    public double Cost { get; init; } = 1;
}
