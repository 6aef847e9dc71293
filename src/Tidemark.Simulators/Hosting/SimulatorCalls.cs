namespace Tidemark.Simulators.Hosting;

/// <summary>What a simulator counted itself, up to one moment. Calls of its own <c>/_sim</c> routes are not in it.</summary>
public sealed record SimulatorCalls
{
    /// <summary>Calls that arrived, answered well or not.</summary>
    public required long Total { get; init; }

    /// <summary>Of these, the calls refused for a quota: status 429, or throttled by cost.</summary>
    public required long Refused { get; init; }

    /// <summary>Calls by path, without the query string.</summary>
    public required IReadOnlyDictionary<string, long> ByPath { get; init; }

    /// <summary>GraphQL calls by root field; a call with two root fields counts once under each.</summary>
    public required IReadOnlyDictionary<string, long> ByField { get; init; }

    /// <summary>
    /// The most calls that arrived within any window of one length, by that length in seconds (<c>60s</c>). The length is
    /// <see cref="SimulatorOptions.Interval"/>, or 60 seconds.
    /// </summary>
    public required IReadOnlyDictionary<string, long> MaxInWindow { get; init; }
}
