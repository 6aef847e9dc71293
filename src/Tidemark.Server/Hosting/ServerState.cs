using Tidemark.Runs;
using Tidemark.Server.Access;
using Tidemark.Server.Runs;
using Tidemark.Server.Schedules;
using Tidemark.Server.Setup;
using Tidemark.Telemetry.Recording;

namespace Tidemark.Server.Hosting;

/// <summary>What the routes of a server share.</summary>
internal sealed class ServerState(ServerSetup setup) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public ServerSetup Setup { get; } = setup;

    public ApiKeyRing Keys { get; } = new(setup.Store, setup.Pipeline.Name, setup.Time, setup.Log);

    public LiveDestinations Destinations { get; } = new(setup.Pipeline, setup.Time);

    /// <summary>The lookups of the pipeline.</summary>
    public PipelineLookups Lookups => field ??= new(Setup.Pipeline, Setup.Store, name => Destinations[name], Setup.Time, Setup.Random, Setup.Log, Setup.AccessLog);

    /// <summary>Runs that were asked for here.</summary>
    public ServerRuns Runs { get; } = new(setup);

    /// <summary>What starts runs by itself; null before the server listens.</summary>
    public RunScheduler? Schedule { get; private set; }

    /// <summary>What is measured in this process: by us, and by the web server.</summary>
    public MeterReader Meters { get; } = new("Tidemark", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel");

    /// <summary>When the server was made.</summary>
    public DateTimeOffset StartedAt { get; } = setup.Time.GetUtcNow();

    /// <summary>Cancelled when the server begins to stop: what is under way is finished, nothing long is begun.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Begins with what the server does by itself; called once it listens.</summary>
    public async Task StartScheduleAsync(CancellationToken cancellationToken)
    {
        Schedule = await RunScheduler.StartAsync(Setup, Runs, Lookups.All, cancellationToken);
        Runs.Ended = Schedule.WakeAsync;
    }

    /// <summary>Tells everybody that the server stops, and waits for runs.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        if (Schedule is not null) await Schedule.StopAsync();
        await Runs.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Runs.StopAsync();
        if (Schedule is not null) await Schedule.DisposeAsync();
        await Runs.DisposeAsync();
        // What was counted is written before the databases are closed.
        await Lookups.DisposeAsync();
        await Destinations.DisposeAsync();
        Meters.Dispose();
        _stopping.Dispose();
    }
}
