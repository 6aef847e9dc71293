namespace Tidemark.Failures;

/// <summary>Keeps failed records. Safe for several tasks at once.</summary>
public interface IFailedRecordStore
{
    /// <summary>Keeps records; one that is there already, by its id, is updated and open again. Durable when the task completes: the checkpoint that passes them is written after.</summary>
    /// <param name="records">The records.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task AddAsync(IReadOnlyList<FailedRecord> records, CancellationToken cancellationToken);

    /// <summary>The open ones, newest first.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stream">Only of this stream; null: of all.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<FailedRecord>> ListAsync(string pipeline, string? stream, int limit, CancellationToken cancellationToken);

    /// <summary>One of them, or null.</summary>
    /// <param name="id">Its id, or the first digits of it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<FailedRecord?> FindAsync(string id, CancellationToken cancellationToken);
}
