using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Lookups;
using Tidemark.Runs;
using Tidemark.Sources;

namespace Tidemark.Configuration.Shapes;

/// <summary>The top level of a configuration.</summary>
internal static class PipelineShape
{
    /// <summary>The keys; streams are read apart, because a stream's source decides on its keys.</summary>
    /// <param name="sources">What sources may be.</param>
    /// <param name="destinations">What destinations may be.</param>
    /// <param name="computations">What lookups may compute.</param>
    public static Shape<PipelineDefinition> Keys(IReadOnlyList<SourceConnector> sources, IReadOnlyList<DestinationConnector> destinations, IReadOnlyList<LookupComputationConnector> computations) =>
        new Shape<PipelineDefinition>("A pipeline: sources, destinations and the streams between them.", () => new PipelineDefinition { Name = "" })
            .Required("name", Formats.Text, (d, v) => d with { Name = v }, "The pipeline's name: with a stream's, the identity of what was read so far.")
            .Optional("store", new StoreFormat(destinations), (d, v) => d with { Store = v }, "Where runs, failed records and what was spent of quotas are kept, sqlite:PATH or postgresql://…. Default: schema tidemark of the PostgreSQL destination where there is one and no more, else sqlite:.tidemark/store.db beside this file.")
            .Optional("parallel_streams", Formats.Integer(1, 64), (d, v) => d with { ParallelStreams = (int)v }, "How many streams run side by side, 1 to 64. Default: 1.")
            .Optional("telemetry", TelemetryShape.Keys, (d, v) => d with { Telemetry = v }, "What runs leave in files: metrics and logs. Default: nothing.")
            .Optional("quotas", Formats.Map(QuotaShape.Any), (d, v) => d with { Quotas = v }, "How many calls servers allow, by name; sources name theirs. Default: none.")
            .Optional("server", ServerShape.Keys, (d, v) => d with { Server = v }, "What tidemark serve takes of one caller.")
            .Optional("sources", Formats.Map(new SourceFormat(sources)), (d, v) => d with { Sources = v }, "Where records come from, by name. Needed where there are streams.")
            .Required("destinations", Formats.Map(new DestinationFormat(destinations)), (d, v) => d with { Destinations = v }, "Where records go, by name.")
            .Optional("streams", new StreamsFormat(sources), (d, _) => d, "What is copied, by name, in the order in which it runs. Streams, endpoints or lookups: at least one is needed.")
            .Optional("endpoints", Formats.Map(EndpointShape.Keys), (d, v) => d with { Endpoints = [.. v.Select(e => e.Value with { Name = e.Key })] }, "Routes that take records while tidemark serve runs, by name. Default: none.")
            .Optional("lookups", new LookupsFormat(sources, computations), (d, _) => d, "Answers of APIs that are kept and reused, by name. Default: none.");
}
