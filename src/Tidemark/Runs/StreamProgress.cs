using Tidemark.Slices;
using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>A stream as it goes.</summary>
/// <param name="name">The stream.</param>
/// <param name="labels">What it is measured under; null: it is not measured.</param>
/// <param name="run">Where the whole run is counted; null: nowhere.</param>
public sealed class StreamProgress(string name, StreamLabels? labels = null, StreamCounters? run = null)
{
    private volatile StreamReport? _report;
    private volatile SliceStatistics? _slices;
    private volatile bool _running;

    /// <summary>The stream.</summary>
    public string Name { get; } = name;

    /// <summary>What it has counted.</summary>
    public StreamCounters Counters { get; } = new(labels, run);

    /// <summary>How far its slices have come; null: it has none, or has not begun.</summary>
    public SliceStatistics? Slices
    {
        get => _slices;
        internal set => _slices = value;
    }

    /// <summary>How far it has come.</summary>
    internal StreamTrack Track { get; } = new();

    /// <summary>True between start and end.</summary>
    public bool Running
    {
        get => _running;
        internal set => _running = value;
    }

    /// <summary>What it did, when it has ended.</summary>
    public StreamReport? Report
    {
        get => _report;
        internal set => _report = value;
    }
}
