using Tidemark.Planning;
using Tidemark.Slices;

namespace Tidemark.Runs.Plans;

/// <summary>What a run would read of a stream, as far as checkpoints and earlier runs tell.</summary>
internal sealed record PlannedReadings
{
    /// <summary>What it would read; null: nothing, as it was done once and for all.</summary>
    public RunMode? Mode { get; init; }

    /// <summary>What it would ask; of a stream in slices, for the stream as a whole.</summary>
    public StreamPlan? Plan { get; init; }

    /// <summary>Its readings that are not complete.</summary>
    public IReadOnlyList<ReadingFacts> Readings { get; init; } = [];

    /// <summary>The same, with nothing in them that was only spread over slices.</summary>
    public IReadOnlyList<ReadingFacts> Told { get; init; } = [];

    /// <summary>How many of them go side by side.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>Records that earlier runs of the same scan have done.</summary>
    public long Done { get; init; }

    /// <summary>Records of these that failed.</summary>
    public long Failed { get; init; }

    /// <summary>How far its slices have come; null: it has none.</summary>
    public SliceStatistics? Slices { get; init; }

    /// <summary>The first slice that is not complete; null: there is none.</summary>
    public string? FirstSlice { get; init; }

    /// <summary>Where the number of records comes from, for people; null: it is not known.</summary>
    public string? RecordsFrom { get; init; }

    /// <summary>True if records or pages are no more than a good guess.</summary>
    public bool About { get; init; }
}
