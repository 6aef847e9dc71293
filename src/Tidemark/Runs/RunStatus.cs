namespace Tidemark.Runs;

/// <summary>How a run or a stream ended, from good to bad.</summary>
public enum RunStatus
{
    /// <summary>All done.</summary>
    Succeeded,

    /// <summary>Done, but some records failed.</summary>
    Partial,

    /// <summary>To be continued later: somebody asked for a long wait.</summary>
    Parked,

    /// <summary>It could not go on.</summary>
    Failed,

    /// <summary>Stopped by the user.</summary>
    Interrupted,
}
