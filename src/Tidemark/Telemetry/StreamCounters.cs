namespace Tidemark.Telemetry;

/// <summary>
/// What a stream has done so far in this run. Its source and its writer count from their own tasks, the display and the report read at any time:
/// each number is exact, several of them are not read at one instant while the stream runs.
/// </summary>
public sealed class StreamCounters
{
    private readonly long[] _values = new long[Enum.GetValues<Counter>().Length];

    /// <summary>Counts.</summary>
    /// <param name="counter">What.</param>
    /// <param name="amount">How many.</param>
    public void Add(Counter counter, long amount = 1) => Interlocked.Add(ref _values[(int)counter], amount);

    /// <summary>How many so far.</summary>
    /// <param name="counter">Of what.</param>
    public long this[Counter counter] => Interlocked.Read(ref _values[(int)counter]);
}

/// <summary>What is counted, in the order of the run report.</summary>
public enum Counter
{
    /// <summary>Calls sent to the source: retries, redirects and token calls too.</summary>
    Requests,

    /// <summary>What the calls cost, in the quota's own unit; 1 a call where nothing else is known.</summary>
    Cost,

    /// <summary>Milliseconds spent waiting because a quota or the server asked for it.</summary>
    ThrottledMs,

    /// <summary>Calls and writes that were tried again.</summary>
    Retries,

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
