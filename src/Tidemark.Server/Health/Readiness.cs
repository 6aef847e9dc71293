using Microsoft.Extensions.Logging;
using Tidemark.Destinations;
using Tidemark.Server.Hosting;

namespace Tidemark.Server.Health;

/// <summary>Looks whether the store and the destinations answer. Many probes at once look once.</summary>
internal sealed partial class Readiness(ServerState state)
{
    /// <summary>How long a look counts.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    /// <summary>How long a part may take to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private Task<IReadOnlyList<ReadyPart>>? _look;
    private long _lookedAt;

    public Task<IReadOnlyList<ReadyPart>> LookAsync(CancellationToken cancellationToken)
    {
        if (state.Stopping.IsCancellationRequested) return Task.FromResult<IReadOnlyList<ReadyPart>>([new ReadyPart("server", IsReady: false)]);
        lock (_lock)
        {
            if (_look is null || (_look.IsCompleted && state.Setup.Time.GetElapsedTime(_lookedAt) >= FreshFor)) (_look, _lookedAt) = (LookAsync(), state.Setup.Time.GetTimestamp());
            return _look.WaitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<ReadyPart>> LookAsync()
    {
        var pipeline = state.Setup.Pipeline.Name;
        return await Task.WhenAll(
        [
            PartAsync("store", token => state.Setup.Store.CountOpenAsync(pipeline, token)),
            .. state.Destinations.Names.Select(name => PartAsync($"destination {name}", token => state.Destinations[name].ObserveAsync(pipeline, token))),
        ]);
    }

    private async Task<ReadyPart> PartAsync(string name, Func<CancellationToken, Task> look)
    {
        using var patience = new CancellationTokenSource(Patience, state.Setup.Time);
        try
        {
            await look(patience.Token);
            return new ReadyPart(name, IsReady: true);
        }
        catch (Exception e) when (e is DestinationException or OperationCanceledException)
        {
            LogNotReady(state.Setup.Log, name, e is OperationCanceledException ? "no answer" : e.Message);
            return new ReadyPart(name, IsReady: false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "not ready: {Part}: {Reason}")]
    private static partial void LogNotReady(ILogger log, string part, string reason);
}
