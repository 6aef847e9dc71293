namespace Tidemark.Quotas;

/// <summary>A live quota. Every call passes it: retries, redirects and token calls too. Safe for several tasks at once; processes with the same ledger share what it allows.</summary>
public interface IQuota
{
    /// <summary>What of answers is listened to.</summary>
    QuotaSignals Signals { get; }

    /// <summary>A wait that is longer than this parks the run.</summary>
    TimeSpan ParkAfter { get; }

    /// <summary>Waits until a call may be sent. What it costs is spent from now on.</summary>
    /// <param name="request">The call.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is spent then.</param>
    /// <returns>The permit: it must be settled, whatever becomes of the call.</returns>
    /// <exception cref="ParkedException">The wait of the call whose turn it is would be longer than <see cref="ParkAfter"/>; waiting in line for others does not count.</exception>
    Task<IQuotaPermit> TakeAsync(QuotaRequest request, CancellationToken cancellationToken);

    /// <summary>Takes records from the budgets of records; waits until at least one may be taken.</summary>
    /// <param name="stream">The stream, or the slice of one: who takes gives back under the same name.</param>
    /// <param name="count">How many are wanted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many may be taken, 1 to <paramref name="count"/>; all of them where there is no such budget.</returns>
    /// <exception cref="ParkedException">None may be taken now, and the wait would be longer than <see cref="ParkAfter"/>.</exception>
    Task<long> TakeRecordsAsync(string stream, long count, CancellationToken cancellationToken);

    /// <summary>Gives records back that were taken, but neither committed nor failed.</summary>
    /// <param name="stream">Who took them.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task ReturnRecordsAsync(string stream, long count, CancellationToken cancellationToken);
}
