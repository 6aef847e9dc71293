namespace Tidemark.Destinations;

/// <summary>
/// One shared transaction, and what it has seen. Nothing is durable before <see cref="CommitAsync"/> has returned; dispose without commit means it never happened.
/// </summary>
public interface ISharedTransaction : IAsyncDisposable
{
    /// <summary>What tells it from all others, for <see cref="ISharedWriter.WasCommittedAsync"/>.</summary>
    string Token { get; }

    /// <summary>What is known of each of <see cref="SharedLook.Keys"/>.</summary>
    IReadOnlyList<KeyState> Keys { get; }

    /// <summary>For each of <see cref="SharedLook.References"/>, and each of its tuples: whether there is such a row.</summary>
    IReadOnlyList<IReadOnlyList<bool>> References { get; }

    /// <summary>
    /// Writes records of one or more tables, all under one savepoint, and tells of each what became of it. They are merged as
    /// <see cref="IBatchTransaction.WriteAsync"/> merges them; without a primary key each is a new row.
    /// </summary>
    /// <param name="records">The records; of no target twice.</param>
    /// <param name="cancellationToken">Ends the call; the transaction can only be disposed then.</param>
    /// <returns>For each of <paramref name="records"/>, in their order, the outcomes from <see cref="TableRecords.Start"/> on.</returns>
    /// <exception cref="DestinationException">
    /// <see cref="DestinationFault.Record"/>, and <see cref="DestinationFault.Guard"/> where a table must not change: one of the records is to blame, the transaction is as before
    /// the call, the engine tries each table alone, then halves; <see cref="DestinationFault.Temporary"/>: the engine disposes the transaction and tries again with a new one.
    /// </exception>
    Task<IReadOnlyList<IReadOnlyList<WrittenRecord>>> WriteAsync(IReadOnlyList<TableRecords> records, CancellationToken cancellationToken);

    /// <summary>Keeps answers, for <see cref="IdempotencyKey.KeptFor"/>, and commits.</summary>
    /// <param name="answers">The answers of keys that were <see cref="KeyStatus.New"/>; a new key without an answer stays new.</param>
    /// <param name="cancellationToken">Ends the call; whether it was committed is not known then: ask <see cref="ISharedWriter.WasCommittedAsync"/>.</param>
    Task CommitAsync(IReadOnlyList<StoredAnswer> answers, CancellationToken cancellationToken);
}
