using Tidemark.Server.Delivery;
using Tidemark.Server.Hosting;
using Tidemark.Server.Pushing;

namespace Tidemark.Server.Generations;

/// <summary>All that follows from one configuration: destinations, routes, deliveries. It ends when a newer one has taken over and its last request is answered.</summary>
internal sealed class Generation : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private InboxMetrics? _metrics;
    private Task _checking = Task.CompletedTask;
    private int _requests;
    private bool _isRetired;

    public Generation(ServerState state)
    {
        State = state;
        Lines = new PushLines(state);
        Deliveries = new InboxDeliveries(state, Lines);
    }

    public ServerState State { get; }

    public PushLines Lines { get; }

    public InboxDeliveries Deliveries { get; }

    /// <summary>Answers a request.</summary>
    public RequestDelegate Answer { get; set; } = static _ => Task.CompletedTask;

    /// <summary>What it answers.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints { get; set; } = [];

    /// <summary>Begins to deliver what waits.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Deliveries.StartAsync(cancellationToken);
        _metrics = new InboxMetrics(State, Lines);
        // Nobody waits for it: a database that is slow must not keep the server from listening.
        _checking = ReferenceCheck.RunAsync(State, Lines);
    }

    /// <summary>Delivers nothing any more: the next one does.</summary>
    public async Task StopDeliveringAsync()
    {
        _metrics?.Dispose();
        await Deliveries.DisposeAsync();
    }

    /// <summary>Answers a request; false if a newer generation has taken over.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext context)
    {
        lock (_lock)
        {
            if (_isRetired) return false;
            _requests++;
        }
        try
        {
            await Answer(context);
            return true;
        }
        finally
        {
            lock (_lock)
            {
                if (--_requests == 0 && _isRetired) _left.TrySetResult();
            }
        }
    }

    /// <summary>Takes no more requests, and ends when those that are under way are answered.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isRetired = true;
            if (_requests == 0) _left.TrySetResult();
        }
        await _left.Task;
        await StopDeliveringAsync();
        await _checking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Posts that wait are written, whoever may still wait for the answer.
        await Lines.DisposeAsync();
        await State.DisposeAsync();
    }
}
