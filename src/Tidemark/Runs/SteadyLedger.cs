using Polly;
using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Quotas;

namespace Tidemark.Runs;

/// <summary>The ledger of a store as runs use it: an error that may pass is met with some more attempts, and what it holds but can't be read is an error of the store.</summary>
internal sealed class SteadyLedger(IQuotaLedger ledger, TimeProvider time, Random random) : IQuotaLedger
{
    private readonly ResiliencePipeline _retry = TemporaryFaults.Retry(time, random, static () => { });

    public async Task UpdateQuotaAsync(string quota, Func<string?, DateTimeOffset, string?> change, CancellationToken cancellationToken)
    {
        try
        {
            await _retry.ExecuteAsync(async token => await ledger.UpdateQuotaAsync(quota, change, token), cancellationToken);
        }
        catch (FormatException e)
        {
            throw new DestinationException(DestinationFault.Fatal, $"the quota '{quota}' can't be used: {e.Message}", e);
        }
    }
}
