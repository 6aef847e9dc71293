using Tidemark.Quotas;

namespace Tidemark.Planning;

/// <summary>A call that wants to pass a quota.</summary>
/// <param name="request">What it is.</param>
/// <param name="waits">Where its waits are noted.</param>
/// <param name="granted">Is told the call's number in the quota when it may be sent; it must not ask the quota anything at once.</param>
internal sealed class SimulatedCall(QuotaRequest request, WaitLog waits, Action<long> granted)
{
    public QuotaRequest Request => request;

    public WaitLog Waits => waits;

    public Action<long> Granted => granted;

    /// <summary>When it came.</summary>
    public long ArrivedAt { get; set; }

    /// <summary>What it has waited for last, itself or the call before it; null: nothing.</summary>
    public QuotaDelay? Cause { get; set; }
}
