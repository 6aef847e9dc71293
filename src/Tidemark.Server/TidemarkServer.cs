using System.Net.Sockets;
using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Server.Generations;
using Tidemark.Server.Hosting;
using Tidemark.Server.Schedules;
using Tidemark.Server.Setup;

namespace Tidemark.Server;

/// <summary>A web server over a pipeline, from its start until it is disposed.</summary>
public sealed class TidemarkServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SharedState _shared;
    private readonly GenerationSwitch _generations;

    private TidemarkServer(WebApplication app, SharedState shared, GenerationSwitch generations) => (_app, _shared, _generations) = (app, shared, generations);

    /// <summary>Where it listens, ports that were free put in: <c>http://127.0.0.1:8080</c>.</summary>
    public IReadOnlyList<Uri> Urls => [.. _app.Urls.Select(u => new Uri(u))];

    /// <summary>How many API keys held when it started.</summary>
    public int KeyCount { get; private init; }

    /// <summary>True if there was never a key when it started: programs of this machine may call without one.</summary>
    public bool NeedsNoKey { get; private init; }

    /// <summary>The routes that take records, by path, with the name of their endpoint or stream.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> PushedRoutes => [.. _generations.Current.Lines.All.Select(l => new KeyValuePair<string, string>(l.Path, l.Name))];

    /// <summary>The routes of lookups, by path, with their name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> LookupRoutes => [.. _generations.Current.State.Setup.Pipeline.Lookups.Where(l => l.Path is not null).Select(l => new KeyValuePair<string, string>(l.Path!, l.Name))];

    /// <summary>The streams that it runs by itself, those of one schedule together.</summary>
    public IReadOnlyList<ScheduledStreams> Schedules => ScheduledStreams.Of(_generations.Current.State.Setup.Pipeline);

    /// <summary>What it answers, a line a method and path.</summary>
    internal IEnumerable<string> Routes => _generations.Current.Endpoints.SelectMany(e => e.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText}"));

    /// <summary>Starts a server; when the task completes it answers.</summary>
    /// <param name="setup">What it is made of.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ServerStartException">It can't listen there, or would be open to other machines without an API key.</exception>
    /// <exception cref="DestinationException">The store can't be read.</exception>
    public static async Task<TidemarkServer> StartAsync(ServerSetup setup, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var shared = new SharedState(setup);
        var app = ServerHost.Build(setup);
        var generations = new GenerationSwitch(shared, generation => ServerHost.Routes(app.Services, generation));
        try
        {
            var known = await shared.Keys.GetAsync(cancellationToken);
            var keys = known.Count(k => k.RevokedAt is null);
            if (keys == 0 && setup.Addresses.FirstOrDefault(a => !a.IsLoopback) is { } open)
                throw new ServerStartException($"{open} can be reached from other machines, and there is no API key: make one with tidemark key add NAME --route PATH (or --admin), or listen on 127.0.0.1 only");
            ServerHost.Use(app, generations, setup);
            await generations.StartAsync(setup, cancellationToken);
            await app.StartAsync(cancellationToken);
            await generations.StartScheduleAsync(cancellationToken);
            return new TidemarkServer(app, shared, generations) { KeyCount = keys, NeedsNoKey = known.Count == 0 };
        }
        catch (Exception e)
        {
            await app.DisposeAsync();
            await generations.DisposeAsync();
            await shared.DisposeAsync();
            if (e is IOException or SocketException) throw new ServerStartException(Reason(setup, e), e);
            throw;
        }
    }

    /// <summary>
    /// Changes the pipeline while the server goes on: routes, limits, schedules and destinations are the new ones for whatever begins now; requests, runs and deliveries that are under way end as
    /// they began. Its name stays, and so do store, inbox and addresses.
    /// </summary>
    /// <param name="pipeline">The new one.</param>
    /// <param name="cancellationToken">Gives up before anything has changed.</param>
    /// <exception cref="ServerStartException">It has another name: the message says what to do. The old one holds.</exception>
    public async Task ReloadAsync(PipelineDefinition pipeline, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var setup = _generations.Current.State.Setup;
        if (!string.Equals(pipeline.Name, setup.Pipeline.Name, StringComparison.Ordinal))
            throw new ServerStartException($"found name: {pipeline.Name}, but this server serves '{setup.Pipeline.Name}', whose keys, watermarks and inbox bear that name: restart the server to change it");
        await _generations.ChangeAsync(setup with { Pipeline = pipeline }, cancellationToken);
    }

    /// <summary>Notes that a newer configuration can't be used: status and metrics tell it until one can.</summary>
    /// <param name="problem">What is wrong with it, where, and what to do.</param>
    public void RefuseReload(string problem) => _shared.Configuration.Refused(problem);

    /// <summary>Stops listening and lets what is under way end, for as long as <see cref="ServerSetup.StopTimeout"/> says.</summary>
    public async Task StopAsync()
    {
        // Side by side: a run that is long in its commit must not keep the port open.
        await Task.WhenAll(_generations.StopAsync(), _app.StopAsync());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        await _generations.DisposeAsync();
        await _shared.DisposeAsync();
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
