using Tidemark.Runs;
using Tidemark.Runs.Forecasts;
using Tidemark.Slices;

namespace Tidemark.Cli.Monitoring;

/// <summary>A stream at one moment, compared with the look before.</summary>
internal sealed record StreamLook
{
    public required string Stream { get; init; }

    /// <summary>Who writes it, for people; null: nobody.</summary>
    public required string? Holder { get; init; }

    /// <summary>Its unfinished scan; null: there is none, or none that says how far it is.</summary>
    public required ScanProgress? Scan { get; init; }

    /// <summary>Records of the scan that are done, those of its slices added up; null: there is no unfinished scan that says how far it is.</summary>
    public required long? Read { get; init; }

    /// <summary>How many records the scan should read: those that are done and those that are left, or as many as the last complete one; null: not known.</summary>
    public required long? Expected { get; init; }

    /// <summary>What is left of it, and when it ends; null: nobody has foretold it.</summary>
    public StreamFinish? Finish { get; init; }

    /// <summary>Its slices; null: it has none.</summary>
    public SliceStatistics? Slices { get; init; }

    /// <summary>When its run, which was parked, may be started again; null: it was not.</summary>
    public DateTimeOffset? ParkedUntil { get; init; }

    /// <summary>Records a second since the look before.</summary>
    public required double? Rate { get; init; }

    /// <summary>When the scan will be complete; null: not known.</summary>
    public DateTimeOffset? FinishAt => Finish?.EndsAt;

    public required string? Watermark { get; init; }

    public required DateTimeOffset? LastSuccess { get; init; }

    /// <summary>How much of the scan is done, 0 to 1.</summary>
    public double? Progress => Read is { } read && Expected is { } expected and > 0 ? Math.Min(1, (double)read / expected) : null;
}
