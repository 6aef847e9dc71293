using Tidemark.Configuration.Shapes;
using Tidemark.Configuration.Streams;
using Tidemark.Definitions;
using Tidemark.Lookups;
using Tidemark.Lookups.Keys;
using Tidemark.Runs;
using Tidemark.Sources;

namespace Tidemark.Configuration.Lookups;

/// <summary>Reads lookups. As of a stream, the engine and the connector of the source each read their own keys.</summary>
/// <param name="root">The configuration.</param>
/// <param name="connectors">What sources may be.</param>
/// <param name="computations">What may be computed.</param>
/// <param name="pipeline">The configuration as far as it was read.</param>
/// <param name="problems">Where problems go.</param>
internal sealed class LookupsReader(MappingNode root, IReadOnlyList<SourceConnector> connectors, IReadOnlyList<LookupComputationConnector> computations, PipelineDefinition pipeline, ConfigProblems problems)
{
    private readonly Dictionary<string, string> _paths = pipeline.Endpoints.DistinctBy(e => e.Path, StringComparer.OrdinalIgnoreCase).ToDictionary(e => e.Path, e => e.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>All that can be used, in the order of the file.</summary>
    public IReadOnlyList<LookupDefinition> Read()
    {
        var lookups = new List<LookupDefinition>();
        if (root["lookups"] is not MappingNode all) return lookups;
        foreach (var (name, body) in all.Entries)
        {
            if (ReadOne(name, body) is { } lookup) lookups.Add(lookup);
        }
        return lookups;
    }

    private LookupDefinition? ReadOne(ScalarNode name, ConfigNode body)
    {
        if (name.Text.Length == 0 || !name.Text.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.'))
            problems.Add(name.Location, $"found the lookup name '{name.Text}', expected letters, digits, '_', '-' and '.'");
        if (!LookupShape.Keys(computations).TryRead(body, problems, LookupShape.OfSource, out var lookup) || body is not MappingNode mapping) return null;
        if (lookup.Path is { } path && !_paths.TryAdd(path, name.Text)) problems.Add(mapping["route"]!.Location, $"found the path '{path}', which is that of '{_paths[path]}' already");
        CheckLink("destination", name, mapping, [.. pipeline.Destinations.Keys]);
        if (lookup.Params.FirstOrDefault(p => p.Default is not null) is not null && Defaulted(lookup, mapping) is { } defaulted) lookup = lookup with { Params = defaulted };
        return CheckLink("source", name, mapping, NamesIn("sources")) is { } source && ReadRequest(mapping, lookup, source) is { } request ? lookup with { Name = name.Text, Request = request } : null;
    }

    // A default has to be what a caller may say.
    private List<LookupParam>? Defaulted(LookupDefinition lookup, MappingNode mapping)
    {
        var given = lookup.Params.Where(p => p.Default is not null).Select(p => new KeyValuePair<string, string>(p.Name, p.Default!.Value.Text));
        try
        {
            var values = ParamDefaults.Read(lookup.Params, given);
            return [.. lookup.Params.Select(p => p.Default is null ? p : p with { Default = values[p.Name] })];
        }
        catch (LookupInputException e)
        {
            problems.Add(mapping["params"]!.Location, $"a default is none that a caller may give: {e.Message}");
            return null;
        }
    }

    private StreamRequest? ReadRequest(MappingNode mapping, LookupDefinition lookup, string source)
    {
        if (connectors.FirstOrDefault(c => string.Equals(c.Type, ((root["sources"] as MappingNode)?[source] as MappingNode)?["type"] is ScalarNode type ? type.Text : "", StringComparison.Ordinal)) is not { } connector) return null;
        if (!connector.StreamKeys.Contains("request", StringComparer.Ordinal))
        {
            problems.Add(mapping["source"]?.Location ?? mapping.Location, $"found '{source}' of type {connector.Type}, which can't be asked for an answer");
            return null;
        }
        var asked = mapping with { Entries = [.. mapping.Entries.Where(e => LookupShape.OfSource.Contains(e.Key.Text, StringComparer.Ordinal))] };
        var known = lookup.Params.Select(p => p.Name).ToList();
        foreach (var (template, location) in StreamTemplates.In(asked))
        {
            if (!template.NeedsRequestOnly) problems.Add(location, $"found '{template}', expected no other name than request.NAME: an answer is kept for whoever asks the same");
            foreach (var param in template.RequestParams.Where(p => !known.Contains(p, StringComparer.Ordinal))) problems.Add(location, $"found request.{param}, which is no parameter{NearestName.Hint(param, known)}");
        }
        // The whole answer is one record, unless the user says where to look.
        if (asked["records"] is null && connector.StreamKeys.Contains("records", StringComparer.Ordinal))
        {
            if (lookup.Batch is not null) problems.Add(mapping["batch"]!.Location, "one call asks for several keys, so its answers are a list: say where with records, such as records: products");
            asked = asked with { Entries = [.. asked.Entries, new(new ScalarNode("records", Plain: true, mapping.Location), new ScalarNode("$", Plain: true, mapping.Location))] };
        }
        if (connector.ReadStream(asked, problems, []) is not { } request) return null;
        if (lookup.Batch is { } batch && !request.Templates.SelectMany(t => t.RequestParams).Contains(batch.Param, StringComparer.Ordinal))
            problems.Add(mapping["batch"]!.Location, $"nothing in the request asks for {{{{ request.{batch.Param} }}}}");
        return request;
    }

    private string? CheckLink(string key, ScalarNode name, MappingNode mapping, IReadOnlyList<string> known)
    {
        if (mapping[key] is ScalarNode { IsNull: false } link)
        {
            if (known.Contains(link.Text, StringComparer.Ordinal)) return link.Text;
            if (known.Count > 0) problems.Add(link.Location, $"found {link.Kind}, which is no {key}{NearestName.Hint(link.Text, known)}");
            return null;
        }
        if (known.Count == 1) return known[0];
        // Where there are none at all, that was said already.
        if (known.Count > 1) problems.Add(name.Location, $"the lookup '{name.Text}' needs the key '{key}': there are several ({string.Join(", ", known)})");
        return null;
    }

    private IReadOnlyList<string> NamesIn(string key) => root[key] is MappingNode mapping ? [.. mapping.Entries.Select(e => e.Key.Text)] : [];
}
