using System.Text.Json;
using Tidemark.Cli.Hosting;

namespace Tidemark.Cli.Commands.Demos;

/// <summary><c>tidemark serve</c> as a process of its own. Disposed while it runs, it is killed.</summary>
internal sealed class DemoServer : IDisposable
{
    private readonly ChildRun _child;

    private DemoServer(ChildRun child, Uri address) => (_child, Client) = (child, new HttpClient { BaseAddress = address });

    public Uri Address => Client.BaseAddress!;

    /// <summary>Calls it, by paths.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts it on a free port and waits until it listens.</summary>
    public static async Task<DemoServer> StartAsync(DemoScene scene, CancellationToken stopping)
    {
        var child = scene.StartPiped("serve", "-c", scene.File, "--json", "--urls", "http://127.0.0.1:0");
        if (await child.Output.ReadLineAsync(stopping) is not { } line) throw new UserErrorException("the server did not start");
        using var json = JsonDocument.Parse(line);
        return new DemoServer(child, new Uri(json.RootElement.GetProperty("urls")[0].GetString()!));
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _child.KillAsync();

    /// <summary>Tells it to stop, and waits until it has.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken) => _child.StopAsync(cancellationToken);

    public void Dispose()
    {
        Client.Dispose();
        _child.Dispose();
    }
}
