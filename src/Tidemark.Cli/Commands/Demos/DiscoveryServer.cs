using System.Text.Json;
using Tidemark.Cli.Hosting;

namespace Tidemark.Cli.Commands.Demos;

/// <summary><c>tidemark serve</c> as a process of its own, and who asks it for products.</summary>
internal sealed class DiscoveryServer : IDisposable
{
    private readonly ChildRun _child;
    private readonly HttpClient _client;

    private DiscoveryServer(ChildRun child, Uri address) => (_child, _client) = (child, new HttpClient { BaseAddress = address });

    public Uri Address => _client.BaseAddress!;

    /// <summary>Starts it on a free port and waits until it listens.</summary>
    public static async Task<DiscoveryServer> StartAsync(DemoScene scene, CancellationToken stopping)
    {
        var child = scene.StartPiped("serve", "-c", scene.File, "--json", "--urls", "http://127.0.0.1:0");
        if (await child.Output.ReadLineAsync(stopping) is not { } line) throw new UserErrorException("the server did not start");
        using var json = JsonDocument.Parse(line);
        return new DiscoveryServer(child, new Uri(json.RootElement.GetProperty("urls")[0].GetString()!));
    }

    /// <summary>Asks.</summary>
    /// <param name="path">Path and query.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<DiscoveryAnswer> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        return new DiscoveryAnswer((int)answer.StatusCode, json.RootElement.Clone(), answer.Headers.TryGetValues("Cache-Status", out var status) ? string.Join(", ", status) : "");
    }

    /// <summary>Tells it to stop, and waits until it has.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken) => _child.StopAsync(cancellationToken);

    public void Dispose()
    {
        _client.Dispose();
        _child.Dispose();
    }
}
