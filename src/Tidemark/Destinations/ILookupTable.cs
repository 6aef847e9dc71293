namespace Tidemark.Destinations;

/// <summary>
/// A table of kept answers, as it is read and counted; rows come into it through an <see cref="ISharedWriter"/>. Any number of tasks may use it. A table that is not there is empty.
/// </summary>
/// <remarks>All errors are <see cref="DestinationException"/>. A call is tried once more where a connection turns out to be lost, and not beyond: whoever reads has somebody waiting.</remarks>
public interface ILookupTable : IAsyncDisposable
{
    /// <summary>The rows of some keys, in one query; those that are not there are left out.</summary>
    /// <param name="keys">The keys, none twice.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<KeptRow>> FindAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken);

    /// <summary>Adds to the counts of some rows, in one statement; two that overlap do not block each other for ever. Rows that are gone are passed over.</summary>
    /// <param name="hits">What is added, by key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task AddHitsAsync(IReadOnlyDictionary<string, long> hits, CancellationToken cancellationToken);

    /// <summary>Deletes some of the rows that expired before a point in time, a chunk in a transaction of its own.</summary>
    /// <param name="expiredBefore">The point in time; null: whenever.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many.</returns>
    Task<long> DeleteAsync(DateTimeOffset? expiredBefore, int limit, CancellationToken cancellationToken);

    /// <summary>Tells about the table as a whole, in one query.</summary>
    /// <param name="now">What has expired by now counts as expired.</param>
    /// <param name="overdueBefore">What expired before this should be gone.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<KeptFigures> SummarizeAsync(DateTimeOffset now, DateTimeOffset overdueBefore, CancellationToken cancellationToken);

    /// <summary>Counts the rows of another table by the values of one of its columns, in one query; empty if there is no such table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The column.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyDictionary<string, long>> CountByAsync(string table, string column, CancellationToken cancellationToken);
}
