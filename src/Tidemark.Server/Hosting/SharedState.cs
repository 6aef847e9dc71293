using Tidemark.Server.Access;
using Tidemark.Server.Runs;
using Tidemark.Server.Setup;
using Tidemark.Telemetry.Recording;

namespace Tidemark.Server.Hosting;

/// <summary>What outlives a change of the configuration.</summary>
internal sealed class SharedState(ServerSetup setup) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public ApiKeyRing Keys { get; } = new(setup.Store, setup.Pipeline.Name, setup.Time, setup.Log);

    /// <summary>Runs that were asked for here; those that go on end by the configuration that they began with.</summary>
    public ServerRuns Runs { get; } = new(setup);

    /// <summary>What is measured in this process: by us, and by the web server.</summary>
    public MeterReader Meters { get; } = new("Tidemark", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel");

    /// <summary>When the server was made.</summary>
    public DateTimeOffset StartedAt { get; } = setup.Time.GetUtcNow();

    /// <summary>How the configuration stands.</summary>
    public ConfigurationState Configuration { get; } = new(setup.Time);

    /// <summary>Cancelled when the server begins to stop: what is under way is finished, nothing long is begun.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Tells everybody that the server stops.</summary>
    public Task StopAsync() => _stopping.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await Runs.DisposeAsync();
        Configuration.Dispose();
        Meters.Dispose();
        _stopping.Dispose();
    }
}
