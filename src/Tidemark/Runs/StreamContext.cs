using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Quotas;
using Tidemark.Slices;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>What the parts of a stream's run share.</summary>
internal sealed record StreamContext
{
    public required string PipelineName { get; init; }

    public required string RunId { get; init; }

    public required StreamDefinition Stream { get; init; }

    public required StreamTarget Target { get; init; }

    /// <summary>The slice that is read; null: the stream as a whole.</summary>
    public SliceValues? Slice { get; init; }

    /// <summary>The import whose slices are to have one watermark; null: the slice has its own, or there is none.</summary>
    public SlicedImport? Import { get; init; }

    /// <summary>Streams that make a call for each record of this one.</summary>
    public required IReadOnlyList<StreamDefinition> Children { get; init; }

    public required StreamCounters Counters { get; init; }

    /// <summary>Records that the stream's rules have rejected, by reason.</summary>
    public RejectionCounts Rejections { get; } = new();

    /// <summary>Where refused records are kept; null: nowhere, and the first one stops the stream.</summary>
    public required IFailedRecordStore? Failures { get; init; }

    /// <summary>Where the state of slices is kept; null: nowhere.</summary>
    public ISliceStore? Slices { get; init; }

    /// <summary>Is told how far slices have come.</summary>
    public Action<SliceStatistics>? OnSlices { get; init; }

    /// <summary>Where its run is told how far it has come; null: nobody asks.</summary>
    public StreamTrack? Track { get; init; }

    /// <summary>The quota of its source; null: none.</summary>
    public IQuota? Quota { get; init; }

    public required Action<string> Warn { get; init; }

    public ILogger Log { get; init; } = NullLogger.Instance;

    public required TimeProvider Time { get; init; }

    public required Random Random { get; init; }
}
