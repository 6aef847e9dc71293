using System.Net.Sockets;
using Tidemark.Destinations;
using Tidemark.Server.Delivery;
using Tidemark.Server.Hosting;
using Tidemark.Server.Pushing;
using Tidemark.Server.Schedules;
using Tidemark.Server.Setup;

namespace Tidemark.Server;

/// <summary>A web server over a pipeline, from its start until it is disposed.</summary>
public sealed class TidemarkServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ServerState _state;
    private readonly PushLines _lines;
    private readonly InboxDeliveries _deliveries;
    private readonly InboxMetrics _metrics;

    private TidemarkServer(WebApplication app, ServerState state, PushLines lines, InboxDeliveries deliveries) =>
        (_app, _state, _lines, _deliveries, _metrics) = (app, state, lines, deliveries, new InboxMetrics(state, lines));

    /// <summary>Where it listens, ports that were free put in: <c>http://127.0.0.1:8080</c>.</summary>
    public IReadOnlyList<Uri> Urls => [.. _app.Urls.Select(u => new Uri(u))];

    /// <summary>How many API keys held when it started.</summary>
    public int KeyCount { get; private init; }

    /// <summary>True if there was never a key when it started: programs of this machine may call without one.</summary>
    public bool NeedsNoKey { get; private init; }

    /// <summary>The routes that take records, by path, with the name of their endpoint or stream.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> PushedRoutes => [.. _lines.All.Select(l => new KeyValuePair<string, string>(l.Path, l.Name))];

    /// <summary>The routes of lookups, by path, with their name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> LookupRoutes => [.. _state.Setup.Pipeline.Lookups.Where(l => l.Path is not null).Select(l => new KeyValuePair<string, string>(l.Path!, l.Name))];

    /// <summary>The streams that it runs by itself, those of one schedule together.</summary>
    public IReadOnlyList<ScheduledStreams> Schedules => ScheduledStreams.Of(_state.Setup.Pipeline);

    /// <summary>What it answers, a line a method and path.</summary>
    internal IEnumerable<string> Routes => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
        .SelectMany(e => e.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText}"));

    /// <summary>Starts a server; when the task completes it answers.</summary>
    /// <param name="setup">What it is made of.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ServerStartException">It can't listen there, or would be open to other machines without an API key.</exception>
    /// <exception cref="DestinationException">The store can't be read.</exception>
    public static async Task<TidemarkServer> StartAsync(ServerSetup setup, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var state = new ServerState(setup);
        var lines = new PushLines(state);
        var deliveries = new InboxDeliveries(state, lines);
        WebApplication? app = null;
        try
        {
            var known = await state.Keys.GetAsync(cancellationToken);
            var keys = known.Count(k => k.RevokedAt is null);
            if (keys == 0 && setup.Addresses.FirstOrDefault(a => !a.IsLoopback) is { } open)
                throw new ServerStartException($"{open} can be reached from other machines, and there is no API key: make one with tidemark key add NAME --route PATH (or --admin), or listen on 127.0.0.1 only");
            app = ServerHost.Build(state, lines, deliveries);
            await deliveries.StartAsync(cancellationToken);
            await app.StartAsync(cancellationToken);
            await state.StartScheduleAsync(cancellationToken);
            return new TidemarkServer(app, state, lines, deliveries) { KeyCount = keys, NeedsNoKey = known.Count == 0 };
        }
        catch (Exception e)
        {
            if (app is not null) await app.DisposeAsync();
            await deliveries.DisposeAsync();
            await lines.DisposeAsync();
            await state.DisposeAsync();
            if (e is IOException or SocketException) throw new ServerStartException(Reason(setup, e), e);
            throw;
        }
    }

    /// <summary>Stops listening and lets what is under way end, for as long as <see cref="ServerSetup.StopTimeout"/> says.</summary>
    public async Task StopAsync()
    {
        // Side by side: a run that is long in its commit must not keep the port open.
        await Task.WhenAll(_state.StopAsync(), _app.StopAsync());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        _metrics.Dispose();
        await _deliveries.DisposeAsync();
        // Posts that wait are written, whoever may still wait for the answer.
        await _lines.DisposeAsync();
        await _state.DisposeAsync();
    }

    private static string Reason(ServerSetup setup, Exception e)
    {
        var where = string.Join(", ", setup.Addresses);
        var socket = e as SocketException ?? e.InnerException as SocketException ?? e.InnerException?.InnerException as SocketException;
        return socket?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => $"{where} is taken: another program listens there; end it, or name another port with --urls",
            SocketError.AccessDenied => $"{where} may not be listened on: ports below 1024 need a right; name another port with --urls",
            SocketError.AddressNotAvailable => $"{where} is no address of this machine; name another one with --urls",
            _ => $"{where} can't be listened on: {e.Message}",
        };
    }
}
