using Tidemark.Checkpoints;

namespace Tidemark.Destinations;

/// <summary>
/// The right to write a stream, held by one task: no two calls at the same time. Dispose gives the lease back; a process that dies loses it when it expires.
/// </summary>
public interface IStreamWriter : IAsyncDisposable
{
    /// <summary>The checkpoint as it was when the lease was taken.</summary>
    Checkpoint Checkpoint { get; }

    /// <summary>True if the table had rows when the lease was taken.</summary>
    bool TableHadRows { get; }

    /// <summary>The fields that had a column in the table when the lease was taken.</summary>
    IReadOnlyCollection<string> Fields { get; }

    /// <summary>The changes of tables that were committed through this writer, in order; one entry for all values of a field that were left out.</summary>
    IReadOnlyList<SchemaChange> SchemaChanges { get; }

    /// <summary>How often <see cref="RenewAsync"/> is due while nothing is committed.</summary>
    TimeSpan RenewEvery { get; }

    /// <summary>Extends the lease; each commit does so too.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">The lease was lost (<see cref="DestinationFault.LeaseLost"/>).</exception>
    Task RenewAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Begins a transaction and checks the fence: <c>where epoch = mine</c>. The first one creates the table, so that an empty source makes no table without columns: it
    /// is created and widened from what the batches bring.
    /// </summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">The lease was lost, or the database can't be reached.</exception>
    Task<IBatchTransaction> BeginAsync(CancellationToken cancellationToken);

    /// <summary>The committed batch number, read anew, over a new connection if need be: after an error in COMMIT it tells whether the batch is there.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<long> ReadBatchNumberAsync(CancellationToken cancellationToken);

    /// <summary>Records that wait in a queue of this destination, oldest first.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="after">Only items with a larger number.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<QueueItem>> PeekAsync(string queue, long after, int count, CancellationToken cancellationToken);
}
