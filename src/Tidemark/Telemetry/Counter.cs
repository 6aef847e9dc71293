namespace Tidemark.Telemetry;

/// <summary>What is counted, in the order of the run report.</summary>
public enum Counter
{
    /// <summary>Calls sent to the source: retries, redirects and token calls too.</summary>
    Requests,

    /// <summary>What the calls cost, in the quota's own unit, each rounded up: what the server said, else what was expected; 1 a call where nothing else is known.</summary>
    Cost,

    /// <summary>Milliseconds spent waiting because a quota or the server asked for it.</summary>
    ThrottledMs,

    /// <summary>Calls and writes that were tried again.</summary>
    Retries,

    /// <summary>Those of them that are writes: the destination was locked or away for a moment.</summary>
    WriteRetries,

    /// <summary>Answers of the source that held a page.</summary>
    Pages,

    /// <summary>Bytes of these answers, unpacked.</summary>
    Bytes,

    /// <summary>Records looked at: inserted + updated + unchanged + failed + skipped.</summary>
    Read,

    /// <summary>Records that changed the table: inserted + updated.</summary>
    Written,

    /// <summary>New rows.</summary>
    Inserted,

    /// <summary>Rows that changed.</summary>
    Updated,

    /// <summary>Records that were in the table as they are, or in a newer version.</summary>
    Unchanged,

    /// <summary>Records at the watermark that are known from the scan before.</summary>
    Duplicates,

    /// <summary>Records that were refused and kept as failed records.</summary>
    Failed,

    /// <summary>Records that the scan passed over: older than the watermark, or without a cursor value where these are excluded.</summary>
    Skipped,

    /// <summary>Rows marked or removed because the source no longer has them.</summary>
    Deleted,

    /// <summary>Batches written.</summary>
    Batches,

    /// <summary>Transactions committed.</summary>
    Commits,
}
