using Microsoft.Extensions.Hosting;

namespace Tidemark.Simulators.Hosting;

/// <summary>
/// The framework's own lifetime stops the server at Ctrl+C. A simulator lives inside another program, which decides itself
/// what Ctrl+C means, and must be able to end its last calls.
/// </summary>
internal sealed class DetachedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
