using Tidemark.Runs;
using Tidemark.Server.Access;
using Tidemark.Server.Runs;
using Tidemark.Server.Setup;
using Tidemark.Telemetry.Recording;

namespace Tidemark.Server.Hosting;

/// <summary>What the routes of a server share while one configuration holds.</summary>
internal sealed class ServerState(ServerSetup setup, SharedState shared) : IAsyncDisposable
{
    public ServerSetup Setup { get; } = setup;

    public ApiKeyRing Keys => shared.Keys;

    public LiveDestinations Destinations { get; } = new(setup.Pipeline, setup.Time);

    /// <summary>The lookups of the pipeline.</summary>
    public PipelineLookups Lookups => field ??= new(Setup.Pipeline, Setup.Store, name => Destinations[name], Setup.Time, Setup.Random, Setup.Log, Setup.AccessLog);

    /// <summary>Runs that were asked for here.</summary>
    public ServerRuns Runs => shared.Runs;

    /// <summary>What is measured in this process.</summary>
    public MeterReader Meters => shared.Meters;

    /// <summary>When the server was made.</summary>
    public DateTimeOffset StartedAt => shared.StartedAt;

    /// <summary>How the configuration stands.</summary>
    public ConfigurationState Configuration => shared.Configuration;

    /// <summary>Cancelled when the server begins to stop.</summary>
    public CancellationToken Stopping => shared.Stopping;

    public async ValueTask DisposeAsync()
    {
        // What was counted is written before the databases are closed.
        await Lookups.DisposeAsync();
        await Destinations.DisposeAsync();
    }
}
