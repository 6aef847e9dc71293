namespace Tidemark.Quotas;

/// <summary>The right to send one call soon.</summary>
public interface IQuotaPermit
{
    /// <summary>How long the caller had to wait for it.</summary>
    TimeSpan Waited { get; }

    /// <summary>
    /// False if too much time has passed since it was given, as when the process was stopped: the call must not be sent any more, but the permit settled and another one taken.
    /// </summary>
    bool IsFresh { get; }

    /// <summary>Tells that the answer, or the failure, has arrived. Only then do windows begin to count the call down. To be called once; it never throws and does not wait for the ledger.</summary>
    /// <param name="answer">What the server said.</param>
    void Settle(QuotaAnswer answer);
}
