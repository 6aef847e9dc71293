namespace Tidemark.Quotas;

/// <summary>
/// What is known of a quota, whatever is allowed: the same history is judged by other rates when the configuration has changed. Owned by the transaction that read it.
/// </summary>
/// <remarks>
/// Times are microseconds of the quota's own clock: it follows the ledger's, but never goes back. Where the ledger's clock was set, <see cref="Offset"/> takes up the difference, for all processes.
/// </remarks>
internal sealed class QuotaState
{
    /// <summary>The present of the quota's clock.</summary>
    public long Now { get; set; }

    /// <summary>The quota's clock less the ledger's.</summary>
    public long Offset { get; set; }

    /// <summary>The number of the next call.</summary>
    public long NextId { get; set; }

    /// <summary>When a call was last let through; with a smooth pace, when it was due.</summary>
    public long LastTakenAt { get; set; }

    /// <summary>What that one was expected to cost.</summary>
    public double LastCost { get; set; }

    /// <summary>No call before this, says the server.</summary>
    public long BlockedUntil { get; set; }

    /// <summary>What the server said to be left until its reset; null: nothing, or the reset is over.</summary>
    public ServerCount? Server { get; set; }

    /// <summary>The bucket; null: there was none so far.</summary>
    public BucketBalance? Bucket { get; set; }

    /// <summary>Calls that were let through and have not been settled, in order.</summary>
    public List<FlyingCall> Flying { get; } = [];

    /// <summary>Calls that have ended, in order; see <see cref="EndedHistory"/>.</summary>
    public List<EndedCalls> Ended { get; } = [];

    /// <summary>What was spent of budgets.</summary>
    public List<BudgetCounter> Budgets { get; } = [];

    /// <summary>The day, in UTC, that <see cref="Streams"/> is about, counted from 1970-01-01.</summary>
    public long Day { get; set; }

    /// <summary>What each stream has spent in that day.</summary>
    public SortedDictionary<string, StreamSpending> Streams { get; } = new(StringComparer.Ordinal);

    /// <summary>The cost of calls that are on their way.</summary>
    public double FlyingCost => Flying.Sum(f => f.Cost);
}
