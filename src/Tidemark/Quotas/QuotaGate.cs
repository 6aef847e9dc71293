using Tidemark.Definitions;

namespace Tidemark.Quotas;

/// <summary>
/// The live quota of a process. One task, the pump, works while somebody waits or something is to be settled:
/// </summary>
/// <remarks>
/// <para>1. All that waits and all that has ended goes into one transaction of the ledger: ends first, then calls by priority, then in their order.</para>
/// <para>2. Who was let through gets a permit; whose wait is too long is parked.</para>
/// <para>
/// 3. The pump sleeps until the first one that is left may go. It wakes earlier if another call comes to be first, or if the end of a call may shorten the wait; where calls of other processes are on
/// their way it looks once a second. Ends are written with the next calls, or after a second: the ledger gets the moment at which they happened.
/// </para>
/// </remarks>
internal sealed class QuotaGate(string name, QuotaDefinition definition, IQuotaLedger ledger, TimeProvider time) : IQuota, IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // Clocks are set, and configurations change: no sleep is longer.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly List<QuotaWaiter> _waiting = [];
    private readonly List<SettledCall> _settled = [];
    private readonly HashSet<long> _own = [];
    private readonly Dictionary<string, long> _recordsTakenAt = new(StringComparer.Ordinal);
    private (long Clock, long Timestamp)? _seen;
    private TaskCompletionSource _wake = NewSignal();
    private Task _pump = Task.CompletedTask;
    private bool _pumping, _disposing, _settlingHelps;
    private QuotaWait? _wait;

    public QuotaSignals Signals => definition.Signals;

    public TimeSpan ParkAfter => definition.ParkAfter;

    /// <summary>What calls of this process are waiting for at present; null: nothing.</summary>
    public QuotaWait? Waiting => Volatile.Read(ref _wait);

    public async Task<IQuotaPermit> TakeAsync(QuotaRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!double.IsFinite(request.Cost) || request.Cost < 0) throw new ArgumentOutOfRangeException(nameof(request), request.Cost, "a call costs 0 or more");
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new QuotaWaiter(request, time.GetTimestamp());
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposing, this);
            var behind = _waiting.FindIndex(w => w.Request.Priority < request.Priority);
            _waiting.Insert(behind < 0 ? _waiting.Count : behind, waiter);
            Work(wake: _waiting[0] == waiter);
        }
        await using var stop = cancellationToken.UnsafeRegister((_, token) => Leave(waiter, token), null);
        return await waiter.Permit;
    }

    /// <summary>Takes the end of a call, to be written soon.</summary>
    public void Settle(SettledCall call)
    {
        lock (_lock)
        {
            _settled.Add(call);
            Work(wake: _settlingHelps || !call.Answer.Sent || call.Answer.Cost is not null);
        }
    }

    public async Task<long> TakeRecordsAsync(string stream, long count, CancellationToken cancellationToken)
    {
        if (count <= 0 || !HasRecords) return count;
        while (true)
        {
            var (taken, delay, now) = (0L, (QuotaDelay?)null, 0L);
            await UpdateAsync(book => (taken, delay, now) = (book.TakeRecords(count), book.JudgeRecords(), book.State.Now), cancellationToken);
            if (taken > 0)
            {
                lock (_lock) _recordsTakenAt.TryAdd(stream, now);
                return taken;
            }
            if (delay!.Wait > ParkAfter) throw Parked(delay);
            Volatile.Write(ref _wait, WaitFor(delay));
            try
            {
                await Task.Delay(WholeMilliseconds(delay.Wait < LongestSleep ? delay.Wait : LongestSleep), time, cancellationToken);
            }
            finally
            {
                Volatile.Write(ref _wait, null);
            }
        }
    }

    public async Task ReturnRecordsAsync(string stream, long count, CancellationToken cancellationToken)
    {
        if (count <= 0 || !HasRecords) return;
        long takenAt;
        lock (_lock)
        {
            if (!_recordsTakenAt.Remove(stream, out takenAt)) return;
        }
        await UpdateAsync(book => book.ReturnRecords(count, takenAt), cancellationToken);
    }

    /// <summary>Writes what has ended. Where that fails, calls count until they must have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Task pump;
        lock (_lock)
        {
            _disposing = true;
            foreach (var waiter in _waiting) waiter.Fail(new ObjectDisposedException(nameof(QuotaGate)));
            _waiting.Clear();
            Work(wake: true);
            pump = _pump;
        }
        await pump;
    }

    private bool HasRecords => definition.Budgets.Any(b => b.Unit == BudgetUnit.Records);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TimeSpan WholeMilliseconds(TimeSpan span) => TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds));

    // To be called under the lock.
    private void Work(bool wake)
    {
        if (wake) _wake.TrySetResult();
        if (_pumping || (_waiting.Count == 0 && _settled.Count == 0)) return;
        _pumping = true;
        _pump = Task.Run(PumpAsync);
    }

    private void Leave(QuotaWaiter waiter, CancellationToken cancellationToken)
    {
        waiter.Cancel(cancellationToken);
        lock (_lock)
        {
            if (_waiting.Remove(waiter)) _wake.TrySetResult();
        }
    }

    private async Task PumpAsync()
    {
        while (true)
        {
            List<QuotaWaiter> waiting;
            List<SettledCall> settled;
            Task wake;
            lock (_lock)
            {
                if (_waiting.Count == 0 && _settled.Count == 0)
                {
                    _pumping = false;
                    return;
                }
                (waiting, settled) = ([.. _waiting], [.. _settled]);
                _settled.Clear();
                _wake = NewSignal();
                wake = _wake.Task;
            }
            if (Sleep(await RoundAsync(waiting, settled)) is { } sleep) await SleepAsync(sleep, wake);
            Volatile.Write(ref _wait, null);
        }
    }

    // 1 and 2 of the type's remarks; null where the ledger fails, which those who wait are told.
    private async Task<QuotaRound?> RoundAsync(List<QuotaWaiter> waiting, List<SettledCall> settled)
    {
        var round = new QuotaRound();
        var began = time.GetTimestamp();
        try
        {
            await UpdateAsync(book =>
            {
                round = new QuotaRound();
                // Measured up to the beginning: never earlier than it was.
                foreach (var call in settled) book.Settle(call.Id, book.State.Now - (time.GetElapsedTime(call.EndedAt, began).Ticks / TimeSpan.TicksPerMicrosecond), call.Answer);
                round.Admit(book, waiting, ParkAfter, _own);
            }, CancellationToken.None);
        }
        catch (Exception e)
        {
            lock (_lock)
            {
                _waiting.RemoveAll(waiting.Contains);
                if (!_disposing) _settled.InsertRange(0, settled);
            }
            foreach (var waiter in waiting) waiter.Fail(e);
            return null;
        }
        lock (_lock)
        {
            foreach (var call in settled) _own.Remove(call.Id);
            foreach (var (_, id) in round.Granted) _own.Add(id);
            _waiting.RemoveAll(w => round.Granted.Exists(g => g.Waiter == w) || round.Parked.Exists(p => p.Waiter == w));
        }
        foreach (var (waiter, delay) in round.Parked) waiter.Fail(Parked(delay));
        foreach (var (waiter, id) in round.Granted)
        {
            var permit = new QuotaPermit(this, id, began, waiter.HadToWait ? time.GetElapsedTime(waiter.ArrivedAt) : TimeSpan.Zero, time);
            if (!waiter.Grant(permit)) permit.Settle(new QuotaAnswer { Sent = false });
        }
        return round;
    }

    // How long nothing is to be done; null: there is.
    private TimeSpan? Sleep(QuotaRound? round)
    {
        lock (_lock)
        {
            foreach (var waiter in _waiting) waiter.HasToWait();
            _settlingHelps = round?.Delay?.MayShorten == true;
            if (_waiting.Count == 0) return _settled.Count == 0 || _disposing ? null : Look;
            if (round is null || _waiting[0] != round.Blocked || (_settlingHelps && _settled.Count > 0)) return null;
            Volatile.Write(ref _wait, WaitFor(round.Delay!));
            var sleep = _settled.Count > 0 || (_settlingHelps && round.OthersFly) ? Look : LongestSleep;
            return round.Delay!.Wait < sleep ? round.Delay.Wait : sleep;
        }
    }

    private async Task SleepAsync(TimeSpan sleep, Task wake)
    {
        using var awake = new CancellationTokenSource();
        await Task.WhenAny(wake, Task.Delay(WholeMilliseconds(sleep), time, awake.Token));
        await awake.CancelAsync();
    }

    private async Task UpdateAsync(Action<QuotaBook> change, CancellationToken cancellationToken)
    {
        var (clock, seenAt) = (0L, 0L);
        await ledger.UpdateQuotaAsync(name, (text, now) =>
        {
            // After the ledger has read its clock, however long that took: what is measured from here never runs ahead of it.
            seenAt = time.GetTimestamp();
            var state = QuotaStateText.Read(text);
            long? measured;
            lock (_lock) measured = _seen is { } seen ? seen.Clock + (time.GetElapsedTime(seen.Timestamp).Ticks / TimeSpan.TicksPerMicrosecond) : null;
            var book = QuotaBook.Open(definition, state, now, measured);
            change(book);
            clock = state.Now;
            return QuotaStateText.Of(state);
        }, cancellationToken);
        lock (_lock) _seen = (clock, seenAt);
    }

    private QuotaWait WaitFor(QuotaDelay delay) => new(name, time.GetUtcNow() + delay.Wait, delay.Reason);

    private ParkedException Parked(QuotaDelay delay) =>
        new($"the quota '{name}' asks to wait {Durations.Format(TimeSpan.FromSeconds(Math.Ceiling(delay.Wait.TotalSeconds)))}: {delay.Reason}", time.GetUtcNow() + delay.Wait);
}
