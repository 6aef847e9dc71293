namespace Tidemark.Quotas;

/// <summary>What one transaction of a gate has brought.</summary>
internal sealed class QuotaRound
{
    /// <summary>Calls that were let through, with their numbers.</summary>
    public List<(QuotaWaiter Waiter, long Id)> Granted { get; } = [];

    /// <summary>Calls whose wait is too long.</summary>
    public List<(QuotaWaiter Waiter, QuotaDelay Delay)> Parked { get; } = [];

    /// <summary>The first call that has to wait; those behind it were not asked about. Null: none has to.</summary>
    public QuotaWaiter? Blocked { get; private set; }

    /// <summary>Why it has to wait.</summary>
    public QuotaDelay? Delay { get; private set; }

    /// <summary>True if calls of other processes are on their way, of whose end only the ledger tells.</summary>
    public bool OthersFly { get; private set; }

    /// <summary>The quota's clock.</summary>
    public long Clock { get; private set; }

    /// <summary>Lets through whom there is room for, in their order: nobody overtakes a call that waits.</summary>
    public void Admit(QuotaBook book, IReadOnlyList<QuotaWaiter> waiting, TimeSpan parkAfter, IReadOnlySet<long> own)
    {
        Clock = book.State.Now;
        foreach (var waiter in waiting)
        {
            if (book.Judge(waiter.Request.Cost) is not { } delay)
            {
                Granted.Add((waiter, book.Take(waiter.Request)));
                continue;
            }
            if (delay.Wait <= parkAfter)
            {
                (Blocked, Delay) = (waiter, delay);
                OthersFly = book.State.Flying.Exists(f => !own.Contains(f.Id));
                break;
            }
            Parked.Add((waiter, delay));
        }
    }
}
