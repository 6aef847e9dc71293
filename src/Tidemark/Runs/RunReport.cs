using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>What a run did.</summary>
public sealed record RunReport
{
    /// <summary>Unique; sorts by time.</summary>
    public required string RunId { get; init; }

    /// <summary>The pipeline.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The worst of its streams.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>A report a stream, in declared order.</summary>
    public required IReadOnlyList<StreamReport> Streams { get; init; }

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The sum over all streams.</summary>
    /// <param name="counter">Of what.</param>
    public long Total(Counter counter) => Streams.Sum(s => s.Counts[counter]);
}

/// <summary>What a stream did in a run.</summary>
public sealed record StreamReport
{
    /// <summary>The stream.</summary>
    public required string Stream { get; init; }

    /// <summary>How it ended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>What it read.</summary>
    public required RunMode Mode { get; init; }

    /// <summary>True if it was not run: <c>refresh: once</c> and already there.</summary>
    public bool Skipped { get; init; }

    /// <summary>Where it stopped early, for people; null: it did not.</summary>
    public string? StoppedEarly { get; init; }

    /// <summary>The watermark before.</summary>
    public string? WatermarkBefore { get; init; }

    /// <summary>The watermark after.</summary>
    public string? WatermarkAfter { get; init; }

    /// <summary>How many records the last complete first or full scan read, this one excepted; null: none.</summary>
    public long? LastFullRead { get; init; }

    /// <summary>What was counted.</summary>
    public required IReadOnlyDictionary<Counter, long> Counts { get; init; }

    /// <summary>Why it failed, parked or was interrupted; null: it was not.</summary>
    public string? Error { get; init; }

    /// <summary>What failed; null: nothing.</summary>
    public FailedSide? FailedSide { get; init; }

    /// <summary>When a parked stream may go on.</summary>
    public DateTimeOffset? ParkedUntil { get; init; }

    /// <summary>How much less than the last full read was read, in percent; null where that means nothing.</summary>
    public double? ReductionPercent =>
        Mode == RunMode.Incremental && LastFullRead is > 0 and var full ? Math.Round(100.0 * (full - Counts[Counter.Read]) / full, 1) : null;
}

/// <summary>How a run or a stream ended, from good to bad.</summary>
public enum RunStatus
{
    /// <summary>All done.</summary>
    Succeeded,

    /// <summary>Done, but some records failed.</summary>
    Partial,

    /// <summary>To be continued later: somebody asked for a long wait.</summary>
    Parked,

    /// <summary>It could not go on.</summary>
    Failed,

    /// <summary>Stopped by the user.</summary>
    Interrupted,
}

/// <summary>What a stream read.</summary>
public enum RunMode
{
    /// <summary>Everything, for the first time.</summary>
    First,

    /// <summary>What is new.</summary>
    Incremental,

    /// <summary>Everything, again.</summary>
    Full,
}

/// <summary>Whose fault a failed stream is: it decides the exit code.</summary>
public enum FailedSide
{
    /// <summary>The source's: exit 3.</summary>
    Source,

    /// <summary>The destination's, or a guard: exit 4.</summary>
    Destination,
}
