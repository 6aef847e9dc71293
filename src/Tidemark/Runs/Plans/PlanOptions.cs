namespace Tidemark.Runs.Plans;

/// <summary>What is to be planned.</summary>
public sealed record PlanOptions
{
    /// <summary>The streams, in declared order; empty: all.</summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    /// <summary>True to plan a run that reads everything again.</summary>
    public bool Full { get; init; }

    /// <summary>
    /// True to spend a call a stream, and one for its enrichment, on what is not known: how many records there are, and how long calls take. They pass their quotas, and the answer of enrichment is kept.
    /// </summary>
    public bool Probe { get; init; }
}
