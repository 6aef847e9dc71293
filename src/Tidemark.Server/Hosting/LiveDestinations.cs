using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Scanning;

namespace Tidemark.Server.Hosting;

/// <summary>The destinations of the pipeline, live as long as the server; runs open their own.</summary>
internal sealed class LiveDestinations(PipelineDefinition pipeline, TimeProvider time) : IAsyncDisposable
{
    private readonly Dictionary<string, IDestination> _all = pipeline.Destinations.ToDictionary(
        d => d.Key, d => d.Value.Open(new DestinationServices { Time = time, CompareCursors = CursorKinds.Compare }), StringComparer.Ordinal);

    /// <summary>Their names, in the order of the configuration.</summary>
    public IReadOnlyCollection<string> Names => _all.Keys;

    public IDestination this[string name] => _all[name];

    public async ValueTask DisposeAsync()
    {
        foreach (var destination in _all.Values) await destination.DisposeAsync();
    }
}
