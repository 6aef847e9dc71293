namespace Tidemark.Failures;

/// <summary>Keeps failed records. Safe for several tasks at once.</summary>
public interface IFailedRecordStore
{
    /// <summary>Keeps records; one that is there already, by its id, is updated and open again. Durable when the task completes: the checkpoint that passes them is written after.</summary>
    /// <param name="records">The records.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task AddAsync(IReadOnlyList<FailedRecord> records, CancellationToken cancellationToken);

    /// <summary>Failed records, newest first.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stream">Only of this stream; null: of all.</param>
    /// <param name="status">Only those that stand so; null: all.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="before">Only those behind the one with this id; null: from the newest on. One that is unknown has none behind it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<FailedRecord>> ListAsync(string pipeline, string? stream, FailedRecordStatus? status, int limit, string? before, CancellationToken cancellationToken);

    /// <summary>All open ones without their payloads, in the order in which they failed last.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<OpenRecord>> ListOpenAsync(string pipeline, CancellationToken cancellationToken);

    /// <summary>How many are open.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<long> CountOpenAsync(string pipeline, CancellationToken cancellationToken);

    /// <summary>Some of them by their whole ids, in any order; those that are unknown are left out.</summary>
    /// <param name="ids">Their ids.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<FailedRecord>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>Closes open records; those that are closed already, or unknown, stay as they are. Closed ones are kept until they are purged.</summary>
    /// <param name="ids">Their ids.</param>
    /// <param name="status"><see cref="FailedRecordStatus.Resolved"/> or <see cref="FailedRecordStatus.Superseded"/>.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task CloseAsync(IReadOnlyList<string> ids, FailedRecordStatus status, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Deletes closed records, some thousand at a time, so that nobody else has to wait for long; open ones stay, however old.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="closedBefore">Only those that were closed before.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many.</returns>
    Task<long> PurgeAsync(string pipeline, DateTimeOffset closedBefore, CancellationToken cancellationToken);

    /// <summary>One of them, or null.</summary>
    /// <param name="id">Its id, or the first digits of it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="InvalidOperationException">Several ids start so.</exception>
    Task<FailedRecord?> FindAsync(string id, CancellationToken cancellationToken);
}
