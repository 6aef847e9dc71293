namespace Tidemark.Simulators.Faults;

/// <summary>
/// The faults that are still to strike. Every fault lets its own number of calls pass; when several are due at one call, the
/// one ordered first strikes and the others wait for the next call.
/// </summary>
internal sealed class FaultQueue
{
    private readonly Lock _lock = new();
    private readonly List<Pending> _pending = [];

    public void Add(PlannedFault fault)
    {
        lock (_lock)
            _pending.Add(new Pending(fault));
    }

    public void Clear()
    {
        lock (_lock)
            _pending.Clear();
    }

    /// <summary>The fault that strikes the call that has just arrived.</summary>
    public PlannedFault? Take()
    {
        lock (_lock)
        {
            Pending? due = null;
            foreach (var pending in _pending)
            {
                if (pending.ToPass > 0)
                    pending.ToPass--;
                else
                    due ??= pending;
            }

            if (due is not null && --due.ToStrike == 0)
                _pending.Remove(due);
            return due?.Fault;
        }
    }

    private sealed class Pending(PlannedFault fault)
    {
        public PlannedFault Fault { get; } = fault;

        public int ToPass { get; set; } = fault.After;

        public int ToStrike { get; set; } = fault.Count;
    }
}
