using Microsoft.Extensions.Hosting;

namespace Tidemark.Server.Hosting;

/// <summary>Whoever starts the server decides what Ctrl-C and SIGTERM mean; the framework's own lifetime would stop it by itself.</summary>
internal sealed class HostLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
