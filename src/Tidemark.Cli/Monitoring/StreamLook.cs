using Tidemark.Runs;

namespace Tidemark.Cli.Monitoring;

/// <summary>A stream at one moment, compared with the look before.</summary>
internal sealed record StreamLook
{
    public required string Stream { get; init; }

    /// <summary>Who writes it, for people; null: nobody.</summary>
    public required string? Holder { get; init; }

    /// <summary>Its unfinished scan; null: there is none, or none that says how far it is.</summary>
    public required ScanProgress? Scan { get; init; }

    /// <summary>How many records the scan should read: as many as the last complete one; null: not known.</summary>
    public required long? Expected { get; init; }

    /// <summary>Records a second since the look before.</summary>
    public required double? Rate { get; init; }

    /// <summary>When the scan will be complete, at the rate since it was first seen; null: not known.</summary>
    public required DateTimeOffset? FinishAt { get; init; }

    public required string? Watermark { get; init; }

    public required DateTimeOffset? LastSuccess { get; init; }

    /// <summary>How much of the scan is done, 0 to 1.</summary>
    public double? Progress => Scan is { } scan && Expected is { } expected ? Math.Min(1, (double)scan.Read / expected) : null;
}
