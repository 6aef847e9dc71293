namespace Tidemark.Quotas;

/// <summary>A permit of a <see cref="QuotaGate"/>.</summary>
internal sealed class QuotaPermit(QuotaGate gate, long id, long givenAt, TimeSpan waited, TimeProvider time) : IQuotaPermit
{
    private int _settled;

    public TimeSpan Waited => waited;

    public bool IsFresh => time.GetElapsedTime(givenAt) < QuotaBook.Freshness;

    public void Settle(QuotaAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (Interlocked.Exchange(ref _settled, 1) == 0) gate.Settle(new SettledCall(id, time.GetTimestamp(), answer));
    }
}
