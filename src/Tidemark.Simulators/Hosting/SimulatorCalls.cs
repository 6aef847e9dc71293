namespace Tidemark.Simulators.Hosting;

/// <summary>What a simulator counted itself, up to one moment. Calls of its own <c>/_sim</c> routes are not in it.</summary>
public sealed record SimulatorCalls
{
    /// <summary>Calls that arrived, answered well or not.</summary>
    public required long Total { get; init; }

    /// <summary>Of these, the calls refused for a quota: status 429, or throttled by cost.</summary>
    public required long Refused { get; init; }

    /// <summary>All others: those that no quota refused, answered well or not.</summary>
    public required long Allowed { get; init; }

    /// <summary>Calls by path, without the query string.</summary>
    public required IReadOnlyDictionary<string, long> ByPath { get; init; }

    /// <summary>Calls by what they ask for, GraphQL's root fields or sirene's conditions on codes; a call with two of them counts once under each.</summary>
    public required IReadOnlyDictionary<string, long> ByField { get; init; }

    /// <summary>
    /// The most calls, allowed or refused, that arrived within any window of one length, wherever it begins, by that length in seconds
    /// (<c>60s</c>). The length is <see cref="SimulatorOptions.Interval"/>, or 60 seconds. Exact up to 65 536 calls a window, beyond that
    /// never too small.
    /// </summary>
    public required IReadOnlyDictionary<string, long> MaxInWindow { get; init; }

    /// <summary>The most calls that were being answered at once. A call counts from its arrival until its answer begins to be sent.</summary>
    public required int MostAtOnce { get; init; }

    /// <summary>How many calls were being answered at once on average, from the first arrival to the last answer; 0 without a call.</summary>
    public required double AverageAtOnce { get; init; }
}
