namespace Tidemark.Telemetry;

/// <summary>What is counted, in the order of the run report.</summary>
public enum Counter
{
    /// <summary>Calls sent to the source: retries, redirects and token calls too.</summary>
    Requests,

    /// <summary>What the calls cost, in the quota's own unit, each rounded up: what the server said, else what was expected; 1 a call where nothing else is known.</summary>
    Cost,

    /// <summary>Milliseconds in which at least one call was waiting because a quota or the server asked for it: of calls that wait side by side each moment counts once.</summary>
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

    /// <summary>Milliseconds that calls for pages took, each from sending it until its answer was read. Calls side by side add up; waits don't count.</summary>
    RequestMs,

    /// <summary>Milliseconds that reading took: from asking for a page until it is decided what of it is taken. Slices side by side add up; waits don't count, and neither does the writer's time.</summary>
    ReadMs,

    /// <summary>Milliseconds that writing and committing batches took. Slices side by side add up.</summary>
    WriteMs,

    /// <summary>Questions that enrichment asked.</summary>
    Enriched,

    /// <summary>Questions of enrichment whose answer was kept from before.</summary>
    EnrichKept,

    /// <summary>Calls that enrichment sent; they are in <see cref="Requests"/>, too.</summary>
    EnrichRequests,

    /// <summary>Milliseconds that questions of enrichment took, each until its answer was kept. Those side by side add up; waits don't count.</summary>
    EnrichMs,
}
