using Tidemark.Access;
using Tidemark.Enrichment;
using Tidemark.Failures;
using Tidemark.Lookups;
using Tidemark.Quotas;
using Tidemark.Slices;

namespace Tidemark.Runs;

/// <summary>Keeps what does not belong to the rows: runs, failed records, answers of enrichment, what was spent of quotas, what is known of slices, API keys, and what lookups share. Safe for several tasks and processes at once.</summary>
public interface IStore : IFailedRecordStore, IAnswerStore, IQuotaLedger, ISliceStore, IApiKeyStore, ILookupStore, IForecastStore, IAsyncDisposable
{
    /// <summary>Keeps a report; called once when a run has ended.</summary>
    /// <param name="report">The report.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task AddRunAsync(RunReport report, CancellationToken cancellationToken);

    /// <summary>The latest runs of a pipeline, newest first, without their warnings.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="before">Only those that started before the run with this id; null: from the newest on. One that is unknown has none before it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<RunReport>> ListRunsAsync(string pipeline, int limit, string? before, CancellationToken cancellationToken);

    /// <summary>A run with its warnings; null if the pipeline has none of this id.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="runId">Its id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<RunReport?> FindRunAsync(string pipeline, string runId, CancellationToken cancellationToken);
}
