using Tidemark.Planning;
using Tidemark.Slices;

namespace Tidemark.Runs.Plans;

/// <summary>What a run would do with a stream.</summary>
public sealed record PlannedStream
{
    /// <summary>The stream.</summary>
    public required string Stream { get; init; }

    /// <summary>What it would read; null: it would not run, as <c>refresh: once</c> found its work done.</summary>
    public RunMode? Mode { get; init; }

    /// <summary>Records that it would read, those of earlier runs of the same scan excepted; null: not known.</summary>
    public long? Records { get; init; }

    /// <summary>Records that earlier runs of the same scan have done.</summary>
    public long RecordsDone { get; init; }

    /// <summary>Its slices; null: it has none, or reads without them.</summary>
    public SliceStatistics? Slices { get; init; }

    /// <summary>Calls for pages; null: not known.</summary>
    public long? Calls { get; init; }

    /// <summary>Questions of its enrichment; null: not known.</summary>
    public long? Questions { get; init; }

    /// <summary>What the calls cost, by quota; null: not known.</summary>
    public IReadOnlyDictionary<string, double>? Costs { get; init; }

    /// <summary>When it begins and ends; null: that can't be told.</summary>
    public StreamForecast? Forecast { get; init; }

    /// <summary>True if it takes longer than <see cref="Forecast"/> says, as something of it is not known.</summary>
    public bool AtLeast { get; init; }

    /// <summary>True if calls and records follow from the past, or from an even distribution, rather than from what the source says.</summary>
    public bool About { get; init; }

    /// <summary>Where the figures come from, for people.</summary>
    public IReadOnlyList<string> Basis { get; init; } = [];

    /// <summary>What is not known.</summary>
    public IReadOnlyList<PlanGap> Gaps { get; init; } = [];

    /// <summary>Why its probe failed; null: it did not, or there was none.</summary>
    public string? Error { get; init; }

    /// <summary>What failed, and whether it was only put off.</summary>
    public RunStatus Status { get; init; } = RunStatus.Succeeded;
}
