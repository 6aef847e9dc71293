using Tidemark.Checkpoints;
using Tidemark.Records;

namespace Tidemark.Destinations;

/// <summary>
/// One transaction: rows, and the checkpoint that they complete. Nothing is durable before <see cref="CommitAsync"/> has returned; dispose without commit means
/// it never happened. Used by one task.
/// </summary>
public interface IBatchTransaction : IAsyncDisposable
{
    /// <summary>
    /// Writes some records of a batch under a savepoint; the table is created, widened and given new columns as they need. With <see cref="WriteDisposition.Replace"/>
    /// they go beside the table until <see cref="FinishAsync"/>. Records of one call with the same key: the newest by the cursor field wins, without one the last.
    /// Columns that a record does not carry keep their stored value. A record that changes nothing is not written and counts as unchanged.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="start">The first record.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Ends the call; the transaction can only be disposed then.</param>
    /// <exception cref="DestinationException">
    /// <see cref="DestinationFault.Record"/>: one of the records is to blame, the transaction is as before the call, the engine tries halves;
    /// <see cref="DestinationFault.Temporary"/>: the engine disposes the transaction and tries again with a new one; anything else ends the stream.
    /// </exception>
    Task<WriteCounts> WriteAsync(RecordBatch batch, int start, int count, CancellationToken cancellationToken);

    /// <summary>Puts records into a queue of this destination.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="items">JSON objects.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task EnqueueAsync(string queue, IReadOnlyList<ReadOnlyMemory<byte>> items, CancellationToken cancellationToken);

    /// <summary>Takes items out of a queue.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="through">The largest number that goes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task DequeueAsync(string queue, long through, CancellationToken cancellationToken);

    /// <summary>
    /// Completes a full scan: with <see cref="WriteDisposition.Replace"/> what was put aside takes the table's place; with deletions, rows that no batch of this
    /// scan carried are marked or removed (rows whose key is in <paramref name="options"/> count as seen).
    /// </summary>
    /// <param name="options">Guards.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many rows were marked or removed.</returns>
    /// <exception cref="DestinationException"><see cref="DestinationFault.Guard"/>: it would lose more than it may. Nothing was changed.</exception>
    Task<long> FinishAsync(FinishOptions options, CancellationToken cancellationToken);

    /// <summary>Forgets what earlier batches of an unfinished full scan have put aside or marked as seen: a scan starts over.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    Task StartOverAsync(CancellationToken cancellationToken);

    /// <summary>Writes the checkpoint, with <see cref="Checkpoint.BatchNumber"/> as given, extends the lease, and commits.</summary>
    /// <param name="checkpoint">What the stream has reached with these rows.</param>
    /// <param name="cancellationToken">Ends the call; whether it was committed is not known then: ask <see cref="IStreamWriter.ReadBatchNumberAsync"/>.</param>
    Task CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken);
}
