using Tidemark.Destinations;
using Tidemark.Lookups;
using Tidemark.Quotas;
using Tidemark.Serving;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>Sources, destinations and the streams between them, as the user described them.</summary>
public sealed record PipelineDefinition
{
    /// <summary>The pipeline's name: the first half of the identity of each checkpoint.</summary>
    public required string Name { get; init; }

    /// <summary>The database that runs, failed records and what was spent of quotas are kept in; null: it follows from the destinations, and whoever runs the pipeline decides.</summary>
    public DestinationDefinition? Store { get; init; }

    /// <summary>What runs leave in files; whoever runs the pipeline sees to it.</summary>
    public TelemetryDefinition Telemetry { get; init; } = new();

    /// <summary>Quotas by name; sources name theirs.</summary>
    public IReadOnlyDictionary<string, QuotaDefinition> Quotas { get; init; } = new Dictionary<string, QuotaDefinition>(StringComparer.Ordinal);

    /// <summary>Sources by name.</summary>
    public IReadOnlyDictionary<string, SourceDefinition> Sources { get; init; } = new Dictionary<string, SourceDefinition>(StringComparer.Ordinal);

    /// <summary>Destinations by name.</summary>
    public IReadOnlyDictionary<string, DestinationDefinition> Destinations { get; init; } = new Dictionary<string, DestinationDefinition>(StringComparer.Ordinal);

    /// <summary>Streams, in the order in which they run.</summary>
    public IReadOnlyList<StreamDefinition> Streams { get; init; } = [];

    /// <summary>Routes that take records while the pipeline is served.</summary>
    public IReadOnlyList<EndpointDefinition> Endpoints { get; init; } = [];

    /// <summary>Answers of APIs that are kept and reused.</summary>
    public IReadOnlyList<LookupDefinition> Lookups { get; init; } = [];

    /// <summary>What the pipeline's web server takes.</summary>
    public ServerDefinition Server { get; init; } = new();

    /// <summary>How many streams run side by side, 1 to 64; default 1.</summary>
    public int ParallelStreams { get; init; } = 1;
}
