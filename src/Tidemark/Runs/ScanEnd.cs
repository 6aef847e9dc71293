namespace Tidemark.Runs;

/// <summary>How the reading of a stream ended.</summary>
internal sealed record ScanEnd
{
    /// <summary>True if all that was asked for has been read.</summary>
    public bool Complete { get; init; }

    /// <summary>Where it stopped early, for people.</summary>
    public string? StoppedEarly { get; init; }

    /// <summary>What ended it; null: nothing went wrong.</summary>
    public Exception? Error { get; init; }

    /// <summary>The largest parent number of which all children were read.</summary>
    public long ParentsThrough { get; init; }
}
