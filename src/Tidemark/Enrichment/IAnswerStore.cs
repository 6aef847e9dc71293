namespace Tidemark.Enrichment;

/// <summary>Keeps the answers of enrichment, so that nobody pays twice for the same question. Safe for several tasks and processes at once.</summary>
public interface IAnswerStore
{
    /// <summary>Keeps answers; of two with one id the later one stays. On disk when the task completes.</summary>
    /// <param name="answers">The answers.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task KeepAnswersAsync(IReadOnlyList<KeptAnswer> answers, CancellationToken cancellationToken);

    /// <summary>Those of some questions that are answered and have not expired, by id.</summary>
    /// <param name="ids">The questions' ids.</param>
    /// <param name="now">The present time.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> FindAnswersAsync(IReadOnlyCollection<string> ids, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>How many answers are kept for a stream and have not expired.</summary>
    /// <param name="askedBy">The stream, as <c>pipeline/stream</c>.</param>
    /// <param name="now">The present time.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<long> CountAnswersAsync(string askedBy, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Deletes what has expired.</summary>
    /// <param name="now">The present time.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task PurgeAnswersAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
