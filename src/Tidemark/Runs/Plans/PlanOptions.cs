namespace Tidemark.Runs.Plans;

/// <summary>What is to be planned.</summary>
public sealed record PlanOptions
{
    /// <summary>The streams, in declared order; empty: all.</summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    /// <summary>True to plan a run that reads everything again.</summary>
    public bool Full { get; init; }

    /// <summary>
    /// How many calls a stream, and one for its enrichment, may be spent on what is not known: how many records there are, and how long calls take. They pass their quotas, and the answer of enrichment is
    /// kept. 0 (default): none. The first one tells how many there are; where more are made, how long a call takes is told by those after it, on a connection that is there.
    /// </summary>
    public int ProbeCalls { get; init; }
}
