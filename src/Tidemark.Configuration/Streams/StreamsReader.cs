using Tidemark.Configuration.Shapes;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Sources;

namespace Tidemark.Configuration.Streams;

/// <summary>
/// Reads streams. A stream's mapping is read twice, by the engine and by the connector of its source; each sees its own keys only, so that a key that
/// neither knows is reported once, with the nearest name over both.
/// </summary>
/// <param name="root">The configuration.</param>
/// <param name="connectors">What sources may be.</param>
/// <param name="destinations">The destinations that could be read, by name.</param>
/// <param name="problems">Where problems go.</param>
internal sealed class StreamsReader(
    MappingNode root, IReadOnlyList<SourceConnector> connectors, IReadOnlyDictionary<string, DestinationDefinition> destinations, ConfigProblems problems)
{
    private readonly MappingNode? _sources = root["sources"] as MappingNode;
    private readonly StreamLinks _links = new(root, destinations, problems);

    /// <summary>All streams, in the order of the file; some may be missing where problems were found.</summary>
    public IReadOnlyList<StreamDefinition> Read()
    {
        var streams = new List<StreamDefinition>();
        if (root["streams"] is not MappingNode all) return streams;
        foreach (var (name, body) in all.Entries)
        {
            if (ReadOne(name, body) is { } stream) streams.Add(stream);
        }
        return streams;
    }

    private StreamDefinition? ReadOne(ScalarNode name, ConfigNode body)
    {
        if (name.Text.Length == 0 || !name.Text.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.'))
            problems.Add(name.Location, $"found the stream name '{name.Text}', expected letters, digits, '_', '-' and '.'");
        if (body is ScalarNode { IsNull: true }) body = new MappingNode([], name.Location);
        if (body is not MappingNode mapping)
        {
            problems.Add(body.Location, $"found {body.Kind}, expected a stream, such as {{ request: {{ path: /clients }} }}");
            return null;
        }
        var source = _links.SourceOf(name, mapping);
        var connector = ConnectorOf(source);
        ReportUnknownKeys(mapping, source, connector);

        var engine = Only(mapping, StreamShape.Keys.Keys);
        var readable = StreamShape.Keys.TryRead(engine, problems, out var stream);
        var request = connector?.ReadStream(Only(mapping, connector.StreamKeys), problems, []);
        if (stream is null) return null;
        stream = stream with
        {
            Name = name.Text,
            Request = Sliced(stream, request, mapping, source) ?? stream.Request,
        };
        if (connector?.Type is "push") ReportPushed(name, mapping, stream);
        if (mapping["enrich"] is { } enrich) stream = Enriched(stream, enrich);
        var asked = new MappingNode([.. mapping.Entries.Where(e => !StreamShape.Keys.Keys.Contains(e.Key.Text, StringComparer.Ordinal))], mapping.Location);
        _links.Check(name, mapping, stream, StreamTemplates.In(asked), readable);
        return stream;
    }

    // What is switched off is checked all the same; rules for what it would bring are out of work with it.
    private StreamDefinition Enriched(StreamDefinition stream, ConfigNode node)
    {
        var enrichment = new EnrichmentReader(_sources, ConnectorOf, problems).Read(node);
        if (enrichment is null || EnrichmentShape.IsEnabled(node)) return stream with { Enrichment = enrichment };
        bool IsBrought(string field) => field.StartsWith(enrichment.Into, StringComparison.Ordinal) && (field.Length == enrichment.Into.Length || field[enrichment.Into.Length] is '.' or '[');
        return stream with { Rules = [.. stream.Rules.Where(r => !IsBrought(r.Field.ToString()))] };
    }

    private StreamRequest? Sliced(StreamDefinition stream, StreamRequest? request, MappingNode mapping, string? source)
    {
        if (request is not null && stream.Slices?.Pages is not null && request.WhyNotByPages is { } why)
            problems.Add((mapping["slices"] as MappingNode)?["by"]?.Location ?? mapping.Location, $"found by: pages, but {why}");
        if (request is null || stream.Slices?.Param is not { } param) return request;
        if (request.WithParam(param, Template.Parse("{{ slice }}")) is { } sliced) return sliced;
        problems.Add((mapping["slices"] as MappingNode)?["param"]?.Location ?? mapping.Location, $"requests of '{source}' take no parameter; write {{{{ slice }}}} where the value belongs");
        return request;
    }

    // Without a known source nobody can tell which keys are right: those of all sources count then.
    private void ReportUnknownKeys(MappingNode mapping, string? source, SourceConnector? connector)
    {
        string[] own = [.. StreamShape.Keys.Keys, .. connector is null ? connectors.SelectMany(c => c.StreamKeys) : connector.StreamKeys];
        foreach (var (key, _) in mapping.Entries.Where(e => !own.Contains(e.Key.Text, StringComparer.Ordinal)))
        {
            var elsewhere = connectors.Where(c => c.StreamKeys.Contains(key.Text, StringComparer.Ordinal)).Select(c => c.Type).ToList();
            problems.Add(key.Location, elsewhere.Count == 0
                ? $"unknown key '{key.Text}'{NearestName.Hint(key.Text, [.. own.Distinct(StringComparer.Ordinal)])}"
                : $"'{key.Text}' belongs to sources of type {string.Join(", ", elsewhere)}, but '{source}' is of type {connector!.Type}");
        }
    }

    // What only reading knows: nobody reads what is posted.
    private void ReportPushed(ScalarNode name, MappingNode mapping, StreamDefinition stream)
    {
        foreach (var (key, _) in mapping.Entries.Where(e => e.Key.Text is "parent" or "refresh" or "deletions" or "max_delete" or "allow_empty" or "max_failed" or "expect" or "enrich" or "priority" or "batch" or "slices" or "every" or "schedule" or "time_zone"))
            problems.Add(key.Location, $"'{key.Text}' is for streams that are read, but the records of '{name.Text}' are posted: take it out");
        if (stream.WriteDisposition == WriteDisposition.Replace) problems.Add(mapping["write_disposition"]!.Location, "replace needs a full read, but records are posted: use merge or append");
    }

    private SourceConnector? ConnectorOf(string? source)
    {
        if (source is null || (_sources?[source] as MappingNode)?["type"] is not ScalarNode type) return null;
        return connectors.FirstOrDefault(c => string.Equals(c.Type, type.Text, StringComparison.Ordinal));
    }

    private static MappingNode Only(MappingNode mapping, IReadOnlyList<string> keys) =>
        mapping with { Entries = [.. mapping.Entries.Where(e => keys.Contains(e.Key.Text, StringComparer.Ordinal))] };
}
