using Tidemark.Quotas;

namespace Tidemark.Planning;

/// <summary>
/// A quota on a virtual clock. What may be sent when is decided by the same <see cref="QuotaBook"/> as in runs, on a copy of the same state; this only replaces the gate around it.
/// </summary>
/// <param name="name">The quota.</param>
/// <param name="definition">What it allows.</param>
/// <param name="state">What was spent of it; it changes.</param>
/// <param name="clock">The clock.</param>
internal sealed class SimulatedQuota(string name, QuotaDefinition definition, QuotaState state, VirtualClock clock)
{
    private readonly List<SimulatedCall> _waiting = [];
    private long _rounds;
    private bool _settlingHelps;

    /// <summary>True if records count.</summary>
    public bool HasRecords { get; } = definition.Budgets.Any(b => b.Unit == BudgetUnit.Records);

    /// <summary>The most that may be spent at once.</summary>
    public double AtOnce { get; } = definition.Rates.Select(r => (double)r.Limit).Append(definition.Bucket?.Capacity ?? double.MaxValue).Min();

    /// <summary>Calls that were on their way at the start of it, and that nobody settles.</summary>
    public IReadOnlyList<FlyingCall> Flying => [.. state.Flying];

    /// <summary>Sends a call when it is its turn.</summary>
    public void Take(SimulatedCall call)
    {
        call.ArrivedAt = clock.Now;
        var behind = _waiting.FindIndex(w => w.Request.Priority < call.Request.Priority);
        if (behind < 0) behind = _waiting.Count;
        _waiting.Insert(behind, call);
        if (behind == 0) Admit();
        else call.Cause = _waiting[0].Cause;
    }

    /// <summary>A call has been answered.</summary>
    public void Settle(long id)
    {
        Open().Settle(id, state.Now, new QuotaAnswer());
        if (_settlingHelps) Admit();
    }

    /// <summary>Takes records from the budgets.</summary>
    /// <returns>How many may be taken, and why no more.</returns>
    public (long Taken, QuotaDelay? Delay) TakeRecords(long count)
    {
        var book = Open();
        var taken = book.TakeRecords(count);
        return (taken, taken == count ? null : book.JudgeRecords());
    }

    /// <summary>Gives records back that were taken and are not needed.</summary>
    /// <param name="count">How many.</param>
    /// <param name="takenAt">When they were taken, by the virtual clock.</param>
    public void ReturnRecords(long count, long takenAt) => Open().ReturnRecords(count, state.Now - (clock.Now - takenAt));

    /// <summary>Sleeps until a delay is over, or lets the run end and another one go on then.</summary>
    public void Wait(QuotaDelay delay, WaitLog waits, Action then)
    {
        var span = QuotaTimeline.Of(delay.Wait);
        if (delay.Wait > definition.ParkAfter) waits.Park(clock.Now + span);
        waits.Add(name, delay, span);
        clock.After(span, then);
    }

    private QuotaBook Open()
    {
        var book = QuotaBook.Open(definition, state, clock.Time, measured: null);
        // No other configuration comes here, which could count more.
        EndedHistory.Forget(state, definition.Rates);
        return book;
    }

    // As the gate's pump: in their order, nobody overtakes; one whose wait is too long leaves, and the next is asked.
    private void Admit()
    {
        _settlingHelps = false;
        var round = ++_rounds;
        var book = Open();
        while (_waiting is [var first, ..])
        {
            if (book.Judge(first.Request.Cost) is not { } delay)
            {
                _waiting.RemoveAt(0);
                if (first.Cause is { } cause) first.Waits.Add(name, cause, clock.Now - first.ArrivedAt);
                first.Granted(book.Take(first.Request));
                continue;
            }
            if (delay.Wait > definition.ParkAfter)
            {
                _waiting.RemoveAt(0);
                Wait(delay, first.Waits, () => Take(first));
                continue;
            }
            foreach (var waiting in _waiting) waiting.Cause = delay;
            _settlingHelps = delay.MayShorten;
            clock.After(QuotaTimeline.Of(delay.Wait), () =>
            {
                // A later round knows better.
                if (round == _rounds) Admit();
            });
            return;
        }
    }
}
