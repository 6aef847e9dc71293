using System.Text.Json;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>Who asks a server for products.</summary>
internal sealed class DiscoveryClient(DemoServer server)
{
    /// <summary>Asks.</summary>
    /// <param name="path">Path and query.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<DiscoveryAnswer> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        return new DiscoveryAnswer((int)answer.StatusCode, json.RootElement.Clone(), answer.Headers.TryGetValues("Cache-Status", out var status) ? string.Join(", ", status) : "");
    }
}
