namespace Tidemark.Quotas;

/// <summary>
/// Keeps the book of a quota, pure: every call of it happens within one transaction of the ledger, on the state that it read.
/// </summary>
/// <remarks>
/// <para>1. <see cref="Open"/> brings the state up to the present.</para>
/// <para>2. <see cref="Settle"/> what has ended: from its end on, windows count a call down.</para>
/// <para>3. <see cref="Judge"/> what waits, in its order, and <see cref="Take"/> what may be sent.</para>
/// <para>
/// A call holds its place in a window from the moment it is let through until an interval after its answer arrived. The server counts it somewhere between: so whatever window the server looks at, all
/// calls that it finds there held a place at the moment when the last of them was let through, and there are no more places than allowed.
/// </para>
/// </remarks>
internal sealed class QuotaBook(QuotaDefinition definition, QuotaState state, DateTimeOffset ledger)
{
    /// <summary>How long a permit may wait to be used.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    /// <summary>What a server asks for beyond a century is no time that a date could tell.</summary>
    private static readonly TimeSpan Century = TimeSpan.FromDays(36500);

    private readonly QuotaAllowance _allowance = new(definition);

    /// <summary>The state as it is now.</summary>
    public QuotaState State => state;

    /// <summary>Begins a transaction: brings a state up to the present.</summary>
    /// <param name="definition">What is allowed.</param>
    /// <param name="state">What the ledger has.</param>
    /// <param name="ledger">The ledger's clock.</param>
    /// <param name="measured">What the quota's clock shows, as this process has measured; null: it has not seen it before.</param>
    public static QuotaBook Open(QuotaDefinition definition, QuotaState state, DateTimeOffset ledger, long? measured)
    {
        QuotaTimeline.MoveTo(state, ledger, measured);
        EndedHistory.Trim(state, definition.Rates);
        var book = new QuotaBook(definition, state, ledger);
        if (state.Server is { } server && server.ResetAt <= state.Now) state.Server = null;
        book.Refill();
        book.TurnPages();
        return book;
    }

    /// <summary>Why a call has to wait; null: it may be sent.</summary>
    public QuotaDelay? Judge(double cost) => _allowance.Judge(state, ledger, cost);

    /// <summary>Lets a call through.</summary>
    /// <returns>Its number.</returns>
    public long Take(QuotaRequest request)
    {
        var call = new FlyingCall(state.NextId++, state.Now, QuotaTimeline.Of(Freshness + request.Timeout), request.Cost, request.Stream);
        state.Flying.Add(call);
        (state.LastTakenAt, state.LastCost) = (_allowance.PacedFrom(state), request.Cost);
        Charge(request.Stream, 1, request.Cost, state.Now);
        return call.Id;
    }

    /// <summary>Settles a call.</summary>
    /// <param name="id">Its number; one that is not known, because this was written before or long ago, changes nothing but what the server said.</param>
    /// <param name="endedAt">When it ended.</param>
    /// <param name="answer">What the server said.</param>
    public void Settle(long id, long endedAt, QuotaAnswer answer)
    {
        endedAt = Math.Min(endedAt, state.Now);
        var overtaken = 0d;
        if (state.Flying.FindIndex(f => f.Id == id) is >= 0 and var index)
        {
            var call = state.Flying[index];
            state.Flying.RemoveAt(index);
            overtaken = state.Ended.Where(e => e.EndedAt > call.TakenAt).Sum(e => e.Cost);
            var cost = !answer.Sent ? 0 : answer.Cost is { } told && double.IsFinite(told) ? Math.Max(0, told) : call.Cost;
            if (cost > 0) EndedHistory.Add(state, new EndedCalls(Math.Max(endedAt, call.TakenAt), cost));
            Charge(call.Stream, answer.Sent ? 0 : -1, cost - call.Cost, call.TakenAt);
            // What an answer did not count for us has to be counted.
            if (answer is { Sent: true, Remaining: null } && state.Server is { } server) state.Server = server with { Left = server.Left - cost };
        }
        if (answer.Sent) Hear(answer, endedAt, overtaken);
    }

    /// <summary>Takes records from the budgets.</summary>
    /// <returns>How many may be taken.</returns>
    public long TakeRecords(long count)
    {
        var taken = Math.Min(count, _allowance.RecordsLeft(state));
        AddTo(BudgetUnit.Records, taken, state.Now);
        return taken;
    }

    /// <summary>Gives records back, unless the period in which they were taken is over.</summary>
    public void ReturnRecords(long count, long takenAt) => AddTo(BudgetUnit.Records, -count, takenAt);

    /// <summary>Why no record may be taken; null: one may be.</summary>
    public QuotaDelay? JudgeRecords() => _allowance.JudgeRecords(state, ledger);

    private void Charge(string stream, int calls, double cost, long takenAt)
    {
        if (state.Bucket is { } bucket) state.Bucket = bucket with { Balance = bucket.Balance - cost };
        AddTo(BudgetUnit.Calls, calls, takenAt);
        AddTo(BudgetUnit.Cost, cost, takenAt);
        var (before, spent) = state.Streams.GetValueOrDefault(stream) ?? new StreamSpending(0, 0);
        state.Streams[stream] = new StreamSpending(Math.Max(0, before + calls), Math.Max(0, spent + cost));
    }

    // What belongs to a period that is over changes nothing in this one.
    private void AddTo(BudgetUnit unit, double amount, long takenAt)
    {
        for (var i = 0; i < state.Budgets.Count; i++)
        {
            var counter = state.Budgets[i];
            if (counter.Unit == unit && takenAt >= counter.Since) state.Budgets[i] = counter with { Spent = Math.Max(0, counter.Spent + amount) };
        }
    }

    private void Hear(QuotaAnswer answer, long endedAt, double overtaken)
    {
        if (answer.RetryAfter is { } wait && wait > TimeSpan.Zero) state.BlockedUntil = Math.Max(state.BlockedUntil, endedAt + Later(wait));
        if (answer.Remaining is { } left && double.IsFinite(left) && answer.ResetAfter is { } reset && endedAt + Later(reset) is var resetAt && resetAt > state.Now)
            state.Server = Newer(state.Server, new ServerCount(Math.Max(0, left), resetAt));
        if (answer.Balance is { } balance && double.IsFinite(balance))
        {
            // Calls on their way may not be in it yet, nor may those that ended meanwhile, as answers overtake each other. These are in our own account, which holds between the two bounds.
            var told = balance - state.FlyingCost;
            var least = told - overtaken;
            var own = state.Bucket ?? new BucketBalance(least, endedAt);
            var heard = own.Balance < least ? own with { Balance = least, FilledAt = endedAt } : own.Balance > told ? own with { Balance = told, FilledAt = endedAt } : own;
            state.Bucket = heard with
            {
                Capacity = answer.Capacity is > 0 and < double.PositiveInfinity ? answer.Capacity : own.Capacity,
                RefillPerSecond = answer.RefillPerSecond is > 0 and < double.PositiveInfinity ? answer.RefillPerSecond : own.RefillPerSecond,
            };
            Refill();
        }
    }

    private static long Later(TimeSpan wait) => QuotaTimeline.Of(wait < Century ? wait : Century);

    // Answers overtake each other: of those before the same reset the least counts, as it knows of the most calls. Resets are told in whole seconds.
    private static ServerCount Newer(ServerCount? before, ServerCount told)
    {
        const long SameReset = 2_000_000;
        if (before is null || told.ResetAt > before.ResetAt + SameReset) return told;
        return told.ResetAt < before.ResetAt - SameReset ? before : before with { Left = Math.Min(before.Left, told.Left) };
    }

    // Whole intervals only: a server that refills at once, at moments that nobody knows, has done so as often at least.
    private void Refill()
    {
        if (_allowance.BucketOf(state) is not { } bucket) return;
        var now = state.Bucket ??= new BucketBalance(bucket.Capacity, state.Now);
        var interval = QuotaTimeline.Of(bucket.Interval);
        var intervals = Math.Max(0, (state.Now - now.FilledAt) / interval);
        var balance = Math.Min(bucket.Capacity, now.Balance + (intervals * bucket.Refill));
        state.Bucket = now with { Balance = balance, FilledAt = balance >= bucket.Capacity ? state.Now : now.FilledAt + (intervals * interval) };
    }

    private void TurnPages()
    {
        const long Day = 86_400_000_000;
        var today = QuotaTimeline.Of(ledger) / Day;
        if (today != state.Day) state.Streams.Clear();
        state.Day = today;
        // Budgets that another configuration knows are left alone, but not for ever.
        state.Budgets.RemoveAll(c => !definition.Budgets.Any(c.Counts) && state.Now - c.Since > (c.Days + 2) * Day);
        foreach (var budget in definition.Budgets)
        {
            var period = BudgetCalendar.PeriodOf(budget.Days, budget.TimeZone, ledger);
            var index = state.Budgets.FindIndex(c => c.Counts(budget));
            if (index < 0) state.Budgets.Add(new BudgetCounter(budget.Unit, budget.Days, budget.TimeZone) { Period = period, Since = state.Now });
            else if (state.Budgets[index].Period < period) state.Budgets[index] = state.Budgets[index] with { Period = period, Since = state.Now, Spent = 0 };
            // A clock that was set back over midnight stays in the later day; one that was wrong by more must not block for longer than a period.
            else if (state.Budgets[index].Period > period + 1) state.Budgets[index] = state.Budgets[index] with { Period = period };
        }
    }
}
