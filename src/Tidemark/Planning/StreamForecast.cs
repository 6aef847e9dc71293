namespace Tidemark.Planning;

/// <summary>When a stream begins and ends, by a simulation of its calls on the clock of their quotas.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="BeginsAt">When it begins.</param>
/// <param name="EndsAt">When it ends, if a run that was parked is started again when it may go on.</param>
public sealed record StreamForecast(string Stream, DateTimeOffset BeginsAt, DateTimeOffset EndsAt)
{
    /// <summary>Calls for pages, with those that a budget makes necessary once more.</summary>
    public required long Calls { get; init; }

    /// <summary>Questions that enrichment asks.</summary>
    public required long Questions { get; init; }

    /// <summary>How often a quota or a budget ends the run, as the wait is longer than it sleeps.</summary>
    public required int Parks { get; init; }

    /// <summary>What holds it up most; null: nothing.</summary>
    public Bottleneck? Bottleneck { get; init; }
}
