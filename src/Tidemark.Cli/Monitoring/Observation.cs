using Tidemark.Destinations;

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
