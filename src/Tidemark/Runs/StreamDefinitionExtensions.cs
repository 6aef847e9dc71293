using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Records;

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

    /// <summary>Some streams, in declared order; none are named: all.</summary>
    /// <exception cref="ConfigException">One of them does not exist.</exception>
    internal static IReadOnlyList<StreamDefinition> Select(this PipelineDefinition pipeline, IReadOnlyList<string> names)
    {
        var known = pipeline.Streams.Select(s => s.Name).ToList();
        if (names.FirstOrDefault(s => !known.Contains(s, StringComparer.Ordinal)) is { } unknown)
            throw new ConfigException([new(new(pipeline.Name, 0, 0), $"no stream is called '{unknown}'{NearestName.Hint(unknown, known)}")]);
        return [.. pipeline.Streams.Where(s => names.Count == 0 || names.Contains(s.Name, StringComparer.Ordinal))];
    }

    /// <summary>The name of a stream's source: its own, or the only one.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stream">The stream.</param>
    public static string SourceOf(this PipelineDefinition pipeline, StreamDefinition stream) => stream.Source ?? pipeline.Sources.Keys.Single();

    /// <summary>The name of a stream's destination: its own, or the only one.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stream">The stream.</param>
    public static string DestinationOf(this PipelineDefinition pipeline, StreamDefinition stream) => stream.Destination ?? pipeline.Destinations.Keys.Single();
}
