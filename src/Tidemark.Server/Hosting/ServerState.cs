using Tidemark.Server.Access;

namespace Tidemark.Server.Hosting;

/// <summary>What the routes of a server share.</summary>
internal sealed class ServerState(ServerSetup setup) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public ServerSetup Setup { get; } = setup;

    public ApiKeyRing Keys { get; } = new(setup.Store, setup.Pipeline.Name, setup.Time, setup.Log);

    public LiveDestinations Destinations { get; } = new(setup.Pipeline, setup.Time);

    /// <summary>Cancelled when the server begins to stop: what is under way is finished, nothing long is begun.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public Task StopAsync() => _stopping.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await Destinations.DisposeAsync();
        _stopping.Dispose();
    }
}
