namespace Tidemark.Planning;

/// <summary>What is left of one reading.</summary>
/// <param name="Pages">Pages still to be asked for.</param>
/// <param name="Records">Records on them.</param>
/// <param name="PageLength">Records of a full page, at least 1.</param>
internal readonly record struct ReadingWork(long Pages, long Records, long PageLength)
{
    /// <summary>Records of the first page that are still wanted, where a part of it is done; 0: all of it.</summary>
    public long Rest { get; init; }

    /// <summary>True if the call for the first page is on its way: it has passed the quota.</summary>
    public bool IsAsked { get; init; }

    /// <summary>Records that are here already, but not enriched and written.</summary>
    public long Backlog { get; init; }
}
