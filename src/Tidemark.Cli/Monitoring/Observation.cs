using Tidemark.Destinations;
using Tidemark.Quotas;
using Tidemark.Runs.Forecasts;
using Tidemark.Slices;

namespace Tidemark.Cli.Monitoring;

/// <summary>What is seen at one moment of a pipeline that other processes run.</summary>
internal sealed record Observation
{
    /// <summary>When, by this machine's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long after the first look, by a clock that nobody sets.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The streams of the configuration, in its order.</summary>
    public required IReadOnlyList<ObservedStream> Streams { get; init; }

    /// <summary>The slices of streams that have some, as the store knows them.</summary>
    public IReadOnlyDictionary<string, SliceStatistics> Slices { get; init; } = new Dictionary<string, SliceStatistics>(StringComparer.Ordinal);

    /// <summary>What is left of streams that are unfinished: as their run foretells, or, where nobody runs them, a plan.</summary>
    public IReadOnlyDictionary<string, StreamFinish> Finishes { get; init; } = new Dictionary<string, StreamFinish>(StringComparer.Ordinal);

    /// <summary>Streams whose last run was parked and that nobody runs, with the moment at which they may go on.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Parked { get; init; } = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>How the quotas stand.</summary>
    public IReadOnlyList<QuotaStatus> Quotas { get; init; } = [];

    /// <summary>What the destinations take on their disks; null: not known.</summary>
    public long? DatabaseBytes { get; init; }

    /// <summary>Free bytes on the disk that the configuration lies on.</summary>
    public long? DiskFreeBytes { get; init; }

    /// <summary>Memory of the processes that write streams; null: none is seen from here.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Open failed records; null: not known.</summary>
    public long? FailedRecords { get; init; }

    /// <summary>What could not be looked at.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
