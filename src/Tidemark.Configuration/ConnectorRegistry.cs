using Tidemark.Destinations;
using Tidemark.Lookups;
using Tidemark.Sources;

namespace Tidemark.Configuration;

/// <summary>The types of source and destination that a configuration may name. A program registers what it has, its own connectors included.</summary>
public sealed record ConnectorRegistry
{
    /// <summary>Types of source.</summary>
    public IReadOnlyList<SourceConnector> Sources { get; init; } = [];

    /// <summary>Types of destination.</summary>
    public IReadOnlyList<DestinationConnector> Destinations { get; init; } = [];

    /// <summary>What lookups may compute.</summary>
    public IReadOnlyList<LookupComputationConnector> Computations { get; init; } = [];
}
