using Tidemark.Destinations;
using Tidemark.Quotas;

namespace Tidemark.Runs;

/// <summary>Tells how the quotas of a pipeline stand.</summary>
public static class QuotaReport
{
    /// <summary>Reads all quotas, in the order of the pipeline; nothing is changed.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="ledger">Where their state is kept.</param>
    /// <param name="time">The clock for waits.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">The ledger can't be read.</exception>
    public static async Task<IReadOnlyList<QuotaStatus>> ReadAsync(PipelineDefinition pipeline, IQuotaLedger ledger, TimeProvider time, CancellationToken cancellationToken)
    {
        var steady = new SteadyLedger(ledger, time, new Random());
        var all = new List<QuotaStatus>();
        foreach (var (name, definition) in pipeline.Quotas)
        {
            QuotaStatus? status = null;
            await steady.UpdateQuotaAsync(name, (text, now) =>
            {
                status = QuotaStatus.Of(name, definition, QuotaStateText.Read(text), now);
                return null;
            }, cancellationToken);
            all.Add(status!);
        }
        return all;
    }
}
