using Tidemark.Records;

namespace Tidemark.Inboxes;

/// <summary>
/// Posts that were taken but are not in their destination yet: on this machine's disk, in the order in which they were taken. Who posts puts in parts and then accepts the whole; one task for each
/// stream takes them out again, and says what became of each. Safe for any number of tasks; one process at a time has it.
/// </summary>
/// <remarks>
/// <para>What a call has kept is on disk when its task completes; calls that wait share an fsync. Nothing of a batch that was not accepted outlives the process.</para>
/// <para>Errors are <see cref="InboxException"/>: nothing was kept then.</para>
/// </remarks>
public interface IInbox : IAsyncDisposable
{
    /// <summary>Bytes that may wait, all streams together; it may change at any time. Default: 1 GiB.</summary>
    long MaxSize { get; set; }

    /// <summary>Opens what is there, so that it is delivered; makes nothing.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>False: another process has it.</returns>
    /// <exception cref="InboxException">It can't be read.</exception>
    Task<bool> OpenAsync(CancellationToken cancellationToken);

    /// <summary>What waits, by stream; streams without anything are not among them.</summary>
    IReadOnlyList<InboxDepth> Depths { get; }

    /// <summary>True if an accepted batch of a stream waits or is being delivered.</summary>
    /// <param name="stream">The stream.</param>
    bool Holds(string stream);

    /// <summary>Keeps a part of a batch that is still arriving.</summary>
    /// <param name="part">The part.</param>
    /// <param name="payload">What is given back when it is delivered; it stays the caller's.</param>
    /// <param name="cancellationToken">Ends the wait, not the call.</param>
    /// <exception cref="InboxException">There is no room, or it can't be written.</exception>
    Task AddAsync(InboxPart part, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>Accepts a batch whose parts are all here. From then on it waits to be delivered.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="last">Its last part, if that was not added before.</param>
    /// <param name="payload">The payload of <paramref name="last"/>.</param>
    /// <exception cref="InboxException">There is no room, or it can't be written.</exception>
    Task AcceptAsync(InboxBatch batch, InboxPart? last, ReadOnlyMemory<byte> payload);

    /// <summary>Forgets the parts of a batch that will not be accepted.</summary>
    /// <param name="batchId">The batch.</param>
    Task DiscardAsync(string batchId);

    /// <summary>A batch with its parts; null: there is none of that id, or no longer.</summary>
    /// <param name="batchId">Its id.</param>
    Task<InboxBatch?> FindAsync(string batchId);

    /// <summary>The batch that was accepted under a caller's key; null: none was.</summary>
    /// <param name="scope">What the key is unique in.</param>
    /// <param name="key">The key.</param>
    Task<InboxBatch?> FindAsync(string scope, string key);

    /// <summary>The parts of a batch, in order; what they hold is not among it.</summary>
    /// <param name="batchId">The batch.</param>
    Task<IReadOnlyList<InboxPart>> ListPartsAsync(string batchId);

    /// <summary>The first part of a stream that waits; waits until there is one. It stays until <see cref="CompleteAsync"/>.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The part with its batch and its payload, which the caller disposes.</returns>
    Task<(InboxBatch Batch, InboxPart Part, PooledBuffer Payload)> TakeAsync(string stream, CancellationToken cancellationToken);

    /// <summary>Says what became of the part that was taken; with the last one, or with a problem, its batch has ended.</summary>
    /// <param name="part">The part, with its outcome.</param>
    /// <param name="problem">Why the batch ends here, its other parts undelivered; null: it does not.</param>
    Task CompleteAsync(InboxPart part, string? problem);

    /// <summary>Forgets batches that ended a while ago, some thousands at most.</summary>
    /// <param name="before">Those that ended before.</param>
    Task PurgeAsync(DateTimeOffset before);
}
