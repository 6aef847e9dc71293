using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>A run as it goes, for a display: read it at any time.</summary>
public sealed class RunProgress
{
    private volatile IReadOnlyList<StreamProgress> _streams = [];

    /// <summary>The streams of the run, in declared order; empty until it starts.</summary>
    public IReadOnlyList<StreamProgress> Streams
    {
        get => _streams;
        internal set => _streams = value;
    }
}

/// <summary>A stream as it goes.</summary>
/// <param name="name">The stream.</param>
public sealed class StreamProgress(string name)
{
    private volatile StreamReport? _report;
    private volatile bool _running;

    /// <summary>The stream.</summary>
    public string Name { get; } = name;

    /// <summary>What it has counted.</summary>
    public StreamCounters Counters { get; } = new();

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
