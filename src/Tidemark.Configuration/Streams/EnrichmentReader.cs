using Tidemark.Configuration.Shapes;
using Tidemark.Definitions;
using Tidemark.Enrichment;
using Tidemark.Sources;

namespace Tidemark.Configuration.Streams;

/// <summary>Reads <c>enrich</c>: what the engine does not know of it is the request of the source that is asked, and read by that source's connector.</summary>
/// <param name="sources">The configuration's sources.</param>
/// <param name="connectorOf">The connector of a source, by its name; null: there is none.</param>
/// <param name="problems">Where problems go.</param>
internal sealed class EnrichmentReader(MappingNode? sources, Func<string, SourceConnector?> connectorOf, ConfigProblems problems)
{
    /// <summary>Reads it; null if something is wrong, and then it was said.</summary>
    public EnrichmentDefinition? Read(ConfigNode node)
    {
        if (node is not MappingNode mapping)
        {
            problems.Add(node.Location, $"found {node.Kind}, expected what is asked, such as {{ source: reviews, path: \"/reviews/{{{{ record.id }}}}\", into: review }}");
            return null;
        }
        var engine = Without(mapping, key => !IsEngine(key));
        if (!EnrichmentShape.Keys.TryRead(engine, problems, out var definition)) return null;
        if (connectorOf(definition.Source) is not { } connector)
        {
            var known = sources?.Entries.Select(e => e.Key.Text).ToList() ?? [];
            // A source that is there, and whose type is wrong, was spoken of already.
            if (!known.Contains(definition.Source, StringComparer.Ordinal))
                problems.Add(mapping["source"]!.Location, $"found '{definition.Source}', which is no source{NearestName.Hint(definition.Source, known)}");
            return null;
        }
        if (!connector.StreamKeys.Contains(EnrichmentShape.Request, StringComparer.Ordinal))
        {
            problems.Add(mapping["source"]!.Location, $"found '{definition.Source}' of type {connector.Type}, which can't be asked about a record");
            return null;
        }
        var asked = Without(mapping, key => IsEngine(key) || key is EnrichmentShape.Records);
        foreach (var (template, location) in StreamTemplates.In(asked).Where(t => !t.Template.NeedsRecordOnly))
            problems.Add(location, $"found '{template}', expected no other name than record.FIELD: an answer is kept for as long as the record stays the same");
        if (connector.ReadStream(StreamOf(mapping, asked, connector, single: definition.Group == 1), problems, []) is not { } request) return null;
        if (definition.Match is { } match && !request.Templates.SelectMany(t => t.RecordFields).Contains(match.Record, StringComparer.Ordinal))
        {
            problems.Add(mapping["match"]!.Location, $"nothing in the request asks for {{{{ record.{match.Record} }}}}, so no answer could come back with it: add it to the request, or match by another field");
            return null;
        }
        return definition with { Request = request, Fingerprint = TextOf(Without(mapping, key => IsEngine(key) && key is not "match")) };
    }

    // As a stream of that source would say it; its whole answer is one record, unless the user says where to look. The answers to a group are a list.
    private static MappingNode StreamOf(MappingNode mapping, MappingNode asked, SourceConnector connector, bool single)
    {
        List<KeyValuePair<ScalarNode, ConfigNode>> entries = [new(Key(EnrichmentShape.Request, mapping.Location), asked)];
        if (mapping.Entries.FirstOrDefault(e => e.Key.Text is EnrichmentShape.Records) is { Key: not null } records) entries.Add(records);
        else if (single && connector.StreamKeys.Contains(EnrichmentShape.Records, StringComparer.Ordinal)) entries.Add(new(Key(EnrichmentShape.Records, mapping.Location), Key("$", mapping.Location)));
        return new MappingNode(entries, mapping.Location);
    }

    private static ScalarNode Key(string text, Location location) => new(text, Plain: true, location);

    private static bool IsEngine(string key) => EnrichmentShape.Keys.Keys.Contains(key, StringComparer.Ordinal);

    private static MappingNode Without(MappingNode mapping, Func<string, bool> isOut) => mapping with { Entries = [.. mapping.Entries.Where(e => !isOut(e.Key.Text))] };

    // Not for people: equal requests have equal texts, and different ones have different texts.
    private static string TextOf(ConfigNode node) => node switch
    {
        MappingNode mapping => $"{{{string.Concat(mapping.Entries.OrderBy(e => e.Key.Text, StringComparer.Ordinal).Select(e => TextOf(e.Key) + TextOf(e.Value)))}}}",
        SequenceNode sequence => $"[{string.Concat(sequence.Items.Select(TextOf))}]",
        ScalarNode scalar => $"{scalar.Text.Length}{(scalar.Plain ? 'p' : 'q')}{scalar.Text}",
        _ => "",
    };
}
