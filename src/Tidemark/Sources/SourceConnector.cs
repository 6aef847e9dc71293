using System.Text.Json.Nodes;
using Tidemark.Definitions;

namespace Tidemark.Sources;

/// <summary>The registration of one type of source: what it is called, and how its definitions are read from a configuration.</summary>
/// <param name="type">The value of <c>type</c>.</param>
public abstract class SourceConnector(string type)
{
    /// <summary>The value of <c>type</c>.</summary>
    public string Type { get; } = type;

    /// <summary>The keys that this connector reads of a stream, beside the engine's own.</summary>
    public abstract IReadOnlyList<string> StreamKeys { get; }

    /// <summary>Adds the source's keys to the choice of sources.</summary>
    /// <param name="variants">The choice.</param>
    public abstract void AddTo(Variants<SourceDefinition> variants);

    /// <summary>True if definitions of this type belong to this connector.</summary>
    /// <param name="definition">A source.</param>
    public abstract bool Owns(SourceDefinition definition);

    /// <summary>Reads the connector's keys of a stream; null if something is wrong, and then it was said.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="others">Keys that the engine reads.</param>
    public abstract StreamRequest? ReadStream(ConfigNode stream, ConfigProblems problems, IReadOnlyList<string> others);

    /// <summary>The JSON schema of the connector's keys of a stream.</summary>
    public abstract JsonObject StreamSchema();
}

/// <summary>The registration of one type of source.</summary>
/// <typeparam name="TSource">Its definition.</typeparam>
/// <typeparam name="TRequest">What a stream asks of it.</typeparam>
/// <param name="type">The value of <c>type</c>.</param>
/// <param name="source">The keys of the source, <c>type</c> excepted.</param>
/// <param name="request">The keys of a stream that this source reads.</param>
public sealed class SourceConnector<TSource, TRequest>(string type, Shape<TSource> source, Shape<TRequest> request) : SourceConnector(type)
    where TSource : SourceDefinition
    where TRequest : StreamRequest
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> StreamKeys => request.Keys;

    /// <inheritdoc/>
    public override void AddTo(Variants<SourceDefinition> variants) => variants.Add(Type, source);

    /// <inheritdoc/>
    public override bool Owns(SourceDefinition definition) => definition is TSource;

    /// <inheritdoc/>
    public override StreamRequest? ReadStream(ConfigNode stream, ConfigProblems problems, IReadOnlyList<string> others) =>
        request.TryRead(stream, problems, others, out var read) ? read : null;

    /// <inheritdoc/>
    public override JsonObject StreamSchema() => request.Schema();
}
