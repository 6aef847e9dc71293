namespace Tidemark.Telemetry;

/// <summary>The labels of what is measured of a stream. They come from the configuration, never from data: there are as many series as streams.</summary>
/// <param name="pipeline">The pipeline's name.</param>
/// <param name="stream">The stream's name.</param>
/// <param name="source">The name of its source.</param>
public sealed class StreamLabels(string pipeline, string stream, string source)
{
    /// <summary>The stream's name.</summary>
    public string Stream { get; } = stream;

    /// <summary>The name of its source.</summary>
    public string Source { get; } = source;

    internal KeyValuePair<string, object?>[] Tags { get; } = [new("pipeline", pipeline), new("stream", stream), new("source", source)];
}
