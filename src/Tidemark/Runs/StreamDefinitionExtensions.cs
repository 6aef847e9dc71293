using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Lookups;
using Tidemark.Pushing;
using Tidemark.Records;
using Tidemark.Serving;

namespace Tidemark.Runs;

/// <summary>What follows from a stream's definition where the user left it open.</summary>
public static class StreamDefinitionExtensions
{
    /// <summary>Merge with a primary key, else append.</summary>
    /// <param name="stream">The stream.</param>
    public static WriteDisposition Disposition(this StreamDefinition stream) =>
        stream.WriteDisposition ?? (stream.PrimaryKey.Count > 0 ? Destinations.WriteDisposition.Merge : Destinations.WriteDisposition.Append);

    /// <summary>Where and how its records are written.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="ignoreCursor">True to let older overwrite newer.</param>
    public static StreamTarget Target(this StreamDefinition stream, string pipeline, bool ignoreCursor = false) => new()
    {
        PipelineName = pipeline,
        Stream = stream.Name,
        Table = stream.Table ?? stream.Name,
        Disposition = stream.Disposition(),
        Schema = new BatchSchema { PrimaryKey = stream.PrimaryKey, Columns = stream.Columns, Nested = stream.Nested },
        // A nested cursor field has a column if its object is flattened.
        CursorField = stream.Nested == NestedValues.Flatten ? stream.Incremental?.CursorField.Replace(".", "__", StringComparison.Ordinal) : stream.Incremental?.CursorField,
        IgnoreCursor = ignoreCursor,
        Deletions = stream.Deletions,
        SchemaContract = stream.SchemaContract,
        Indexes = stream.Indexes,
        Partitioning = stream.Partitioning,
    };

    /// <summary>Some streams, in declared order; none are named: all that runs read.</summary>
    /// <exception cref="ConfigException">One of them does not exist, or is not read by runs.</exception>
    internal static IReadOnlyList<StreamDefinition> Select(this PipelineDefinition pipeline, IReadOnlyList<string> names)
    {
        var known = pipeline.Streams.Select(s => s.Name).ToList();
        if (names.FirstOrDefault(s => !known.Contains(s, StringComparer.Ordinal)) is { } unknown)
            throw new ConfigException([new(new(pipeline.Name, 0, 0), $"no stream is called '{unknown}'{NearestName.Hint(unknown, known)}")]);
        if (pipeline.Streams.FirstOrDefault(s => names.Contains(s.Name, StringComparer.Ordinal) && pipeline.IsPushed(s)) is { } pushed)
            throw new ConfigException([new(new(pipeline.Name, 0, 0), $"the records of '{pushed.Name}' are posted to tidemark serve: there is nothing to run")]);
        return [.. pipeline.Pulled().Where(s => names.Count == 0 || names.Contains(s.Name, StringComparer.Ordinal))];
    }

    /// <summary>The name of a stream's source: its own, or the only one.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stream">The stream.</param>
    public static string SourceOf(this PipelineDefinition pipeline, StreamDefinition stream) => stream.Source ?? pipeline.Sources.Keys.Single();

    /// <summary>True if the records of a stream are posted by others: no run reads it.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stream">The stream.</param>
    public static bool IsPushed(this PipelineDefinition pipeline, StreamDefinition stream) => pipeline.Sources.GetValueOrDefault(stream.Source ?? pipeline.Sources.Keys.FirstOrDefault() ?? "")?.IsPushed == true;

    /// <summary>The streams that runs read, in declared order.</summary>
    /// <param name="pipeline">The pipeline.</param>
    public static IReadOnlyList<StreamDefinition> Pulled(this PipelineDefinition pipeline) => [.. pipeline.Streams.Where(s => !pipeline.IsPushed(s))];

    /// <summary>The name of an endpoint's destination: its own, or the only one.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="endpoint">The endpoint.</param>
    public static string DestinationOf(this PipelineDefinition pipeline, EndpointDefinition endpoint) => endpoint.Destination ?? pipeline.Destinations.Keys.Single();

    /// <summary>The name of a lookup's destination: its own, or the only one.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="lookup">The lookup.</param>
    public static string DestinationOf(this PipelineDefinition pipeline, LookupDefinition lookup) => lookup.Destination ?? pipeline.Destinations.Keys.Single();

    /// <summary>Where the records of an endpoint go, and what is asked of them.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="pipeline">The pipeline's name.</param>
    public static PushTarget Target(this EndpointDefinition endpoint, string pipeline) => new()
    {
        PipelineName = pipeline,
        Name = endpoint.Name,
        Copy = endpoint.Copy,
        References = endpoint.References,
        Rules = endpoint.Rules,
        Routes = [.. endpoint.Write.Select(w => new PushRoute(
            new StreamTarget
            {
                PipelineName = pipeline,
                Stream = endpoint.Name,
                Table = w.Table,
                Disposition = w.PrimaryKey.Count > 0 ? Destinations.WriteDisposition.Merge : Destinations.WriteDisposition.Append,
                Schema = new BatchSchema { PrimaryKey = w.PrimaryKey, Columns = w.Columns, Nested = w.Nested },
                SchemaContract = w.SchemaContract,
                Indexes = w.Indexes,
            }, w.When))],
    };

    /// <summary>The name of a stream's destination: its own, or the only one.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stream">The stream.</param>
    public static string DestinationOf(this PipelineDefinition pipeline, StreamDefinition stream) => stream.Destination ?? pipeline.Destinations.Keys.Single();
}
