using System.Collections.ObjectModel;
using Tidemark.Destinations;
using Tidemark.Slices;
using Tidemark.Telemetry;

namespace Tidemark.Runs;

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

    /// <summary>What the run has changed in the stream's tables.</summary>
    public IReadOnlyList<SchemaChange> SchemaChanges { get; init; } = [];

    /// <summary>What was counted.</summary>
    public required IReadOnlyDictionary<Counter, long> Counts { get; init; }

    /// <summary>
    /// How many records the stream's rules have rejected, by field and rule, as in <c>name: required</c>; the most frequent first. They are a part of what failed. At most 100 reasons;
    /// any others are counted as <c>other reasons</c>.
    /// </summary>
    public IReadOnlyDictionary<string, long> Rejected { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>Why it failed, parked or was interrupted; null: it was not.</summary>
    public string? Error { get; init; }

    /// <summary>What failed; null: nothing.</summary>
    public FailedSide? FailedSide { get; init; }

    /// <summary>When a parked stream may go on.</summary>
    public DateTimeOffset? ParkedUntil { get; init; }

    /// <summary>How far its slices have come; null: it has none.</summary>
    public SliceStatistics? Slices { get; init; }

    /// <summary>True if it was read to the end.</summary>
    internal bool Complete { get; init; }

    /// <summary>Records that the scan has read, in earlier runs too, as its checkpoint says; null: it does not.</summary>
    internal long? ScanRead { get; init; }

    /// <summary>How much less than the last full read was read, in percent; null where that means nothing.</summary>
    public double? ReductionPercent =>
        Mode == RunMode.Incremental && LastFullRead is > 0 and var full ? Math.Round(100.0 * (full - Counts[Counter.Read]) / full, 1) : null;
}
