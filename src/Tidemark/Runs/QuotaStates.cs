using Tidemark.Planning;
using Tidemark.Quotas;

namespace Tidemark.Runs;

/// <summary>Reads quotas as forecasts need them; nothing is changed.</summary>
internal static class QuotaStates
{
    /// <summary>All quotas of a pipeline, and the ledger's clock.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="ledger">Where their state is kept; null: nothing was spent so far.</param>
    /// <param name="time">The clock, where there is no ledger to ask.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="Destinations.DestinationException">The ledger can't be read.</exception>
    public static async Task<(IReadOnlyDictionary<string, QuotaNow> Quotas, DateTimeOffset Now)> ReadAsync(PipelineDefinition pipeline, IQuotaLedger? ledger, TimeProvider time, CancellationToken cancellationToken)
    {
        var (all, clock) = (new Dictionary<string, QuotaNow>(StringComparer.Ordinal), time.GetUtcNow());
        var steady = new SteadyLedger(ledger ?? new MemoryLedger(time), time, new Random());
        foreach (var (name, definition) in pipeline.Quotas)
        {
            await steady.UpdateQuotaAsync(name, (text, now) =>
            {
                // What can't be read is an error here, as it would be in a run.
                if (text is not null) QuotaStateText.Read(text);
                (all[name], clock) = (new QuotaNow(definition, text), now);
                return null;
            }, cancellationToken);
        }
        return (all, clock);
    }
}
