using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators;

/// <summary>A simulated API that listens on 127.0.0.1 until it is disposed.</summary>
public sealed class RunningSimulator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SimulatorState _state;

    private RunningSimulator(WebApplication app, SimulatorState state)
    {
        _app = app;
        _state = state;
        Address = new Uri(app.Urls.First());
    }

    /// <summary>Where it listens, <c>http://127.0.0.1:PORT</c>.</summary>
    public Uri Address { get; }

    /// <summary>What it has counted so far; the same data as <c>GET /_sim/calls</c>.</summary>
    public SimulatorCalls Calls => _state.Calls.Snapshot();

    /// <summary>Starts a simulator; when the task completes it answers.</summary>
    /// <param name="name">One of <see cref="SimulatorCatalog.Names"/>.</param>
    /// <param name="options">How it is started.</param>
    /// <param name="ct">Gives up starting.</param>
    /// <exception cref="ArgumentException">The name is unknown, or an option lies outside its range.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<RunningSimulator> StartAsync(string name, SimulatorOptions options, CancellationToken ct)
    {
        options.Check();
        var clock = new StampClock(options.Time);
        var state = new SimulatorState(SimulatorCatalog.Create(name, options, clock), options);
        var app = SimulatorHost.Build(state, options.Port);
        try
        {
            await app.StartAsync(ct);
            return new RunningSimulator(app, state);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the data change as in a day of the real API's life.</summary>
    /// <param name="to"><c>day</c>, <c>quiet</c> or <c>busy</c>.</param>
    /// <exception cref="ArgumentException">Another word.</exception>
    public Task AdvanceAsync(string to)
    {
        _state.Advance(AdvanceNames.Parse(to));
        return Task.CompletedTask;
    }

    /// <summary>Stops listening; calls in flight get half a second to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
