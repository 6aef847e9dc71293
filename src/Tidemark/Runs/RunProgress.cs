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
