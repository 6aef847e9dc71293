namespace Tidemark.Quotas;

/// <summary>
/// Where the state of quotas outlives processes: one text for each quota, changed by one process at a time. What the text means is the engine's matter.
/// Safe for several tasks, processes and machines at once.
/// </summary>
public interface IQuotaLedger
{
    /// <summary>Changes the state of a quota in one transaction; durable when it returns.</summary>
    /// <param name="quota">The quota.</param>
    /// <param name="change">
    /// Makes the new state of the old one, or gives null if it stays; it is called once for each attempt. The old state is null the first time. The time is the ledger's own: of
    /// the database where several machines may use it.
    /// </param>
    /// <param name="cancellationToken">Ends the call; nothing is changed then.</param>
    Task UpdateQuotaAsync(string quota, Func<string?, DateTimeOffset, string?> change, CancellationToken cancellationToken);
}
