using Tidemark.Simulators.Faults;
using Tidemark.Simulators.Records;
using Tidemark.Simulators.Traffic;

namespace Tidemark.Simulators.Hosting;

/// <summary>A simulator with all that the control routes steer.</summary>
internal sealed class SimulatorState(ISimulator simulator, SimulatorOptions options)
{
    private volatile IReadOnlyList<SimulatedChange> _changes = [];

    public ISimulator Simulator { get; } = simulator;

    public CallCounter Calls { get; } = new(options);

    public SeededDelay Delays { get; } = new(options.Delay ?? simulator.UsualDelay, options.Seed);

    /// <summary>Null where any number of calls is allowed.</summary>
    public RateLimiter? Limiter { get; } = !simulator.HasOwnQuota && (options.Limit ?? simulator.UsualLimit) is > 0 and var limit
        ? new RateLimiter(options.Limiter, limit, options.Window, options.Time)
        : null;

    /// <summary>Whether refusals for the quota say when to come back.</summary>
    public bool TellsWhenToRetry { get; } = options.RetryAfter;

    public FaultQueue Faults { get; } = new();

    public LastCalls LastCalls { get; } = new();

    public TimeProvider Time { get; } = options.Time;

    /// <summary>What the last advance changed.</summary>
    public IReadOnlyList<SimulatedChange> Changes => _changes;

    public IReadOnlyList<SimulatedChange> Advance(AdvanceTo to) => _changes = Simulator.Advance(to);

    public void Reset()
    {
        Faults.Clear();
        LastCalls.Clear();
        Simulator.Reset();
        _changes = [];
        Calls.Clear();
        Delays.Clear();
        Limiter?.Clear();
    }
}
