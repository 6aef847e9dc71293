namespace Tidemark.Lookups;

/// <summary>What lookups share between processes beside their tables: who is buying an answer right now, that there is none, and what was counted. Safe for several tasks and processes at once.</summary>
/// <remarks>A lookup is named as <c>pipeline/lookup</c>. Leases end by the store's own clock; where several machines may use it, that is the database's.</remarks>
public interface ILookupStore
{
    /// <summary>Takes the leases of some keys, as far as they are free: not there, over, or ended with a failure.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="keys">The keys, none twice.</param>
    /// <param name="owner">Who takes them: a name that is never used again. To take what one holds already succeeds.</param>
    /// <param name="length">How long they hold.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The keys that the owner holds now.</returns>
    Task<IReadOnlySet<string>> TakeLeasesAsync(string lookup, IReadOnlyCollection<string> keys, string owner, TimeSpan length, CancellationToken cancellationToken);

    /// <summary>The leases of some keys that are not over; those without one are left out.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyDictionary<string, LookupLease>> FindLeasesAsync(string lookup, IReadOnlyCollection<string> keys, CancellationToken cancellationToken);

    /// <summary>Ends leases, those that somebody else has taken over excepted.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="owner">Who holds them.</param>
    /// <param name="failure">Why there is no answer, for those who wait for it; it is kept for <paramref name="kept"/>. Null: there is one.</param>
    /// <param name="kept">How long a failure is kept.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task EndLeasesAsync(string lookup, IReadOnlyCollection<string> keys, string owner, string? failure, TimeSpan kept, CancellationToken cancellationToken);

    /// <summary>Keeps that some keys have no answer.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="keys">The keys, none twice.</param>
    /// <param name="until">Until when that counts.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task KeepNegativesAsync(string lookup, IReadOnlyCollection<string> keys, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Those of some keys that are known to have no answer, with when that ends.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="now">The present time.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyDictionary<string, DateTimeOffset>> FindNegativesAsync(string lookup, IReadOnlyCollection<string> keys, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Adds to what was counted.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="counts">What is added; all zero to ask only.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How often the lookup was emptied: who sees the number change forgets what it has in memory.</returns>
    Task<long> AddCountsAsync(string lookup, LookupCounts counts, CancellationToken cancellationToken);

    /// <summary>What was counted of the lookups of a pipeline, in one query, by name of the lookup without the pipeline's.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyDictionary<string, LookupCounts>> ReadCountsAsync(string pipeline, CancellationToken cancellationToken);

    /// <summary>Deletes negatives and leases that are over, and, of a lookup that is emptied, all negatives.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="isEmptied">True if it is emptied, which is counted.</param>
    /// <param name="now">The present time.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task PurgeLookupAsync(string lookup, bool isEmptied, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Notes that an alert is on, or is not; where that is a change, one of all who note it is to tell somebody, and notes with <see cref="EndAlertAsync"/> that this is done.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="alert">The alert.</param>
    /// <param name="isOn">True if it is on.</param>
    /// <param name="now">The present time, which is kept as its start or end.</param>
    /// <param name="held">How long the caller has for telling; then somebody else is to tell it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What the caller is to tell; null: nothing.</returns>
    Task<AlertSpan?> TakeAlertAsync(string lookup, string alert, bool isOn, DateTimeOffset now, TimeSpan held, CancellationToken cancellationToken);

    /// <summary>Notes that somebody was told that an alert is on, or over.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="alert">The alert.</param>
    /// <param name="isOn">Which of both.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task EndAlertAsync(string lookup, string alert, bool isOn, CancellationToken cancellationToken);
}
