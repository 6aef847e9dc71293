using Tidemark.Simulators.Traffic;

namespace Tidemark.Simulators.Hosting;

/// <summary>How a simulated API is started.</summary>
public sealed record SimulatorOptions
{
    /// <summary>TCP port on 127.0.0.1; 0 (default) takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// The window of the quota that the simulator enforces, above zero; null (default) leaves the real API's own. Calls are counted over it
    /// even where no quota is enforced; then it is 60 seconds by default.
    /// </summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>How many calls an interval are allowed, by all paths together; 0 allows any number, null (default) as many as the real API.</summary>
    public int? Limit { get; init; }

    /// <summary>How the calls of an interval are counted. Default: in fixed windows.</summary>
    public LimiterKind Limiter { get; init; }

    /// <summary>Whether a call that is refused for the quota is told by <c>Retry-After</c> when to come back, in whole seconds. Default: no.</summary>
    public bool RetryAfter { get; init; }

    /// <summary>How long each answer is held back, refusals too; null (default): as long as the real API takes, where that is its point.</summary>
    public DelayRange? Delay { get; init; }

    /// <summary>Multiplies the data, by repeating it with new keys or by making more of its kind. At least 1, the default.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>Seed of everything random: the same seed gives the same data and the same changes.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Answers with Shopify-style cost throttling where the simulated API knows it. Default: off.</summary>
    public bool CostThrottling { get; init; }

    /// <summary>The only API key that sirene takes; null (default) takes any.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The share of the answers of enrichment that are of no use, 0 to 1. Default: 0.05.</summary>
    public double Rubbish { get; init; } = 0.05;

    /// <summary>The clock that changes are stamped with, calls are counted and answers are delayed by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The length over which calls are counted.</summary>
    internal TimeSpan Window => Interval ?? TimeSpan.FromSeconds(60);

    /// <exception cref="ArgumentException">An option lies outside its range.</exception>
    internal void Check()
    {
        if (Scale < 1)
            throw new ArgumentException($"scale is {Scale}; at least 1 is expected");
        if (Limit < 0)
            throw new ArgumentException($"limit is {Limit}; at least 1 is expected, or 0 for none");
        if (Interval <= TimeSpan.Zero)
            throw new ArgumentException($"interval is {Interval}; a time above zero is expected");
        if (Rubbish is not (>= 0 and <= 1))
            throw new ArgumentException($"rubbish is {Rubbish}; a share from 0 to 1 is expected");
        if (Delay is { } delay && (delay.Least < TimeSpan.Zero || delay.Most < delay.Least))
            throw new ArgumentException($"delay is {delay.Least} to {delay.Most}; the shorter time first is expected, none below zero");
    }
}
