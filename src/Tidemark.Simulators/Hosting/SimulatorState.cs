using Tidemark.Simulators.Faults;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Hosting;

/// <summary>A simulator with all that the control routes steer.</summary>
internal sealed class SimulatorState(ISimulator simulator, CallCounter calls, TimeProvider time)
{
    private volatile IReadOnlyList<SimulatedChange> _changes = [];

    public ISimulator Simulator { get; } = simulator;

    public CallCounter Calls { get; } = calls;

    public FaultQueue Faults { get; } = new();

    public LastCalls LastCalls { get; } = new();

    public TimeProvider Time { get; } = time;

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
    }
}
