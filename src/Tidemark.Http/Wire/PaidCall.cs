using Tidemark.Quotas;
using Tidemark.Telemetry;

namespace Tidemark.Http.Wire;

/// <summary>A message that passed the quota and is sent now.</summary>
/// <param name="permit">What it passed with; null: the source has no quota.</param>
/// <param name="cost">What it is expected to cost.</param>
/// <param name="counters">Where it is counted.</param>
internal sealed class PaidCall(IQuotaPermit? permit, double cost, StreamCounters counters)
{
    /// <summary>Tells that it has ended, whatever became of it. To be called once.</summary>
    /// <param name="word">What the server said of the quota.</param>
    public void End(QuotaAnswer word)
    {
        counters.Add(Counter.Cost, (long)Math.Ceiling(word.Cost ?? cost));
        permit?.Settle(word);
    }
}
