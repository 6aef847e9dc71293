namespace Tidemark.Tests.Support;

/// <summary>A clock that moves only when it is told; timers fire while it moves, each at its own moment.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private TaskCompletionSource _armed = NewSignal();
    private long _number, _answered;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public void Advance(TimeSpan by)
    {
        var until = GetUtcNow() + by;
        while (TakeDue(until) is { } timer) timer.Fire();
        lock (_lock) _now = until;
    }

    /// <summary>Waits until somebody waits for exactly this long from now, with a timer that is newer than the one that the call before was answered with.</summary>
    public Task UntilWaitingAsync(TimeSpan span) => UntilAsync(timers =>
    {
        if (timers.Find(t => t.Due == _now + span && t.Number > _answered) is not { } timer) return false;
        _answered = timer.Number;
        return true;
    });

    /// <summary>Moves the clock to the next timer whenever there is one, until the work is done.</summary>
    /// <param name="work">The work.</param>
    /// <param name="waits">Asked whenever somebody begins to wait: false if something else is under way that must not see the clock move. Default: nothing is.</param>
    public async Task DriveAsync(Task work, Func<bool>? waits = null)
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, UntilAsync(timers => timers.Count > 0 && waits?.Invoke() != false));
            if (work.IsCompleted) break;
            TimeSpan? next;
            lock (_lock) next = _timers.Count > 0 ? _timers.Min(t => t.Due) - _now : null;
            if (next is { } span) Advance(span > TimeSpan.Zero ? span : TimeSpan.Zero);
        }
        await work;
    }

    /// <summary>As the first one, and something is done each time before the clock moves.</summary>
    /// <param name="work">The work.</param>
    /// <param name="isQuiet">Tells of a number of timers, those that are due within the hour, whether all that works is waiting for one of them.</param>
    /// <param name="before">What is done.</param>
    public async Task DriveAsync(Task work, Func<int, bool> isQuiet, Func<Task> before)
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, UntilAsync(timers => isQuiet(timers.Count(t => t.Due <= _now + TimeSpan.FromHours(1)))));
            if (work.IsCompleted) break;
            await before();
            TimeSpan? next;
            lock (_lock) next = _timers.Count > 0 ? _timers.Min(t => t.Due) - _now : null;
            if (next is { } span) Advance(span > TimeSpan.Zero ? span : TimeSpan.Zero);
        }
        await work;
    }

    /// <summary>Moves the clock to the next timer whenever nothing else can happen, until the work is done.</summary>
    /// <param name="work">The work.</param>
    /// <param name="isQuiet">Tells of a number of timers that are set whether all that works is waiting for one of them.</param>
    public async Task DriveAsync(Task work, Func<int, bool> isQuiet)
    {
        // Whoever was woken and has not begun yet looks as quiet as one who waits: it is given a few turns.
        const int Turns = 20;
        var quiet = 0;
        while (!work.IsCompleted)
        {
            TimeSpan? next = null;
            lock (_lock)
            {
                if (_timers.Count > 0 && isQuiet(_timers.Count)) next = _timers.Min(t => t.Due) - _now;
            }
            quiet = next is null ? 0 : quiet + 1;
            if (quiet < Turns)
            {
                await Task.Yield();
                continue;
            }
            quiet = 0;
            Advance(next > TimeSpan.Zero ? next.Value : TimeSpan.Zero);
        }
        await work;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private async Task UntilAsync(Predicate<List<ManualTimer>> condition)
    {
        while (true)
        {
            Task armed;
            lock (_lock)
            {
                if (condition(_timers)) return;
                armed = _armed.Task;
            }
            await armed;
        }
    }

    private ManualTimer? TakeDue(DateTimeOffset until)
    {
        lock (_lock)
        {
            if (_timers.Where(t => t.Due <= until).MinBy(t => t.Due) is not { } timer) return null;
            _timers.Remove(timer);
            if (timer.Due > _now) _now = timer.Due;
            return timer;
        }
    }

    private void Schedule(ManualTimer timer, TimeSpan due)
    {
        TaskCompletionSource armed;
        lock (_lock)
        {
            _timers.Remove(timer);
            if (due == Timeout.InfiniteTimeSpan) return;
            (timer.Due, timer.Number) = (_now + due, ++_number);
            _timers.Add(timer);
            (armed, _armed) = (_armed, NewSignal());
        }
        armed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class ManualTimer(ManualTime clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public long Number { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Schedule(this, dueTime);
            return true;
        }

        public void Dispose() => clock.Schedule(this, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
