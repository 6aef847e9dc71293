using Tidemark.Configuration.Shapes;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Slices;
using Tidemark.Sources;

namespace Tidemark.Configuration.Streams;

/// <summary>What ties a stream to the rest of the file: its source, its destination, its parent, and other streams on the same table.</summary>
/// <param name="root">The configuration.</param>
/// <param name="destinations">The destinations that could be read, by name.</param>
/// <param name="problems">Where problems go.</param>
internal sealed class StreamLinks(MappingNode root, IReadOnlyDictionary<string, DestinationDefinition> destinations, ConfigProblems problems)
{
    private readonly IReadOnlyList<string> _sources = NamesIn(root, "sources");
    private readonly IReadOnlyList<string> _destinations = NamesIn(root, "destinations");
    private readonly IReadOnlyList<string> _streams = NamesIn(root, "streams");
    private readonly Dictionary<string, string?> _destinationOf = new(StringComparer.Ordinal);
    private readonly SharedTables _tables = new(problems);

    /// <summary>The name of a stream's source; null if it can't be told, and then it was said.</summary>
    /// <param name="name">The stream's name.</param>
    /// <param name="stream">The stream.</param>
    public string? SourceOf(ScalarNode name, MappingNode stream) => LinkOf("source", name, stream, _sources);

    /// <summary>Checks a stream against those before it.</summary>
    /// <param name="name">The stream's name.</param>
    /// <param name="node">The stream as it was written.</param>
    /// <param name="stream">The stream as it was read.</param>
    /// <param name="templates">The templates in its request.</param>
    /// <param name="readable">True if each of its own keys is right: only then it is compared with others.</param>
    public void Check(ScalarNode name, MappingNode node, StreamDefinition stream, IEnumerable<(Template Template, Location Location)> templates, bool readable)
    {
        var destination = LinkOf("destination", name, node, _destinations);
        CheckParent(node, stream, destination);
        _destinationOf[stream.Name] = destination;
        if (!readable) return;
        CheckTemplates(node, stream, [.. templates]);
        if (destination is null) return;
        _tables.Check(name, node, stream, destination);
        if (stream.Partitioning is not null && destinations.TryGetValue(destination, out var definition) && !definition.HasPartitions)
            problems.Add(LocationOf(node, "partition_by"), $"the destination '{destination}' has no partitions: take partition_by out, or write to PostgreSQL");
    }

    private string? LinkOf(string key, ScalarNode name, MappingNode stream, IReadOnlyList<string> known)
    {
        if (stream[key] is ScalarNode { IsNull: false } link)
        {
            if (known.Contains(link.Text, StringComparer.Ordinal)) return link.Text;
            if (known.Count > 0) problems.Add(link.Location, $"found {link.Kind}, which is no {key}{NearestName.Hint(link.Text, known)}");
            return null;
        }
        if (known.Count == 1) return known[0];
        // Where there are none at all, that was said already.
        if (known.Count > 1) problems.Add(name.Location, $"the stream '{name.Text}' needs the key '{key}': there are several ({string.Join(", ", known)})");
        return null;
    }

    private void CheckParent(MappingNode node, StreamDefinition stream, string? destination)
    {
        if (stream.Parent is not { Stream.Length: > 0 } parent) return;
        var at = (node["parent"] as MappingNode)?["stream"]?.Location ?? node.Location;
        if (!_streams.Contains(parent.Stream, StringComparer.Ordinal))
            problems.Add(at, $"found '{parent.Stream}', which is no stream{NearestName.Hint(parent.Stream, _streams)}");
        else if (string.Equals(parent.Stream, stream.Name, StringComparison.Ordinal))
            problems.Add(at, $"the stream '{stream.Name}' can't be its own parent");
        else if (!_destinationOf.TryGetValue(parent.Stream, out var other))
            problems.Add(at, $"the parent '{parent.Stream}' must stand before '{stream.Name}'; move it up");
        else if (other is not null && destination is not null && !string.Equals(other, destination, StringComparison.Ordinal))
            problems.Add(at, $"the parent '{parent.Stream}' writes to '{other}', but '{stream.Name}' to '{destination}'; both must write to one destination");
    }

    private void CheckTemplates(MappingNode node, StreamDefinition stream, IReadOnlyList<(Template Template, Location Location)> templates)
    {
        foreach (var (template, location) in templates)
        {
            foreach (var field in template.ParentFields)
            {
                if (stream.Parent is not { } parent)
                    problems.Add(location, $"found parent.{field}, but the stream has no parent; add parent: {{ stream: …, include: [{field}] }}");
                else if (!parent.Include.Contains(field, StringComparer.Ordinal))
                    problems.Add(location, $"found parent.{field}, which is not in the parent's include; add it there{NearestHint(field, parent.Include)}");
            }
            foreach (var field in template.RecordFields)
                problems.Add(location, $"found record.{field}, but there is no record yet when a page is asked for: only enrich knows it");
            foreach (var param in template.RequestParams)
                problems.Add(location, $"found request.{param}, but nobody asks when a stream is read: only lookups know it");
            if (stream.Incremental is null && template.NeedsWatermark)
                problems.Add(location, "found watermark, but the stream has none without incremental: { cursor_field: … }; last_success is known for every stream");
        }
        CheckSlices(node, stream, templates);
        if (stream is { Refresh: Refresh.Incremental, Incremental: null } && !templates.Any(t => t.Template.IsFilter))
            problems.Add(LocationOf(node, "refresh"), "refresh: incremental needs incremental: { cursor_field: … }, or a request with {{ last_success }} in it");
        if (stream.Refresh is null && StreamRules.DispositionOf(stream) == WriteDisposition.Replace && templates.Any(t => t.Template.IsFilter))
            problems.Add(LocationOf(node, "write_disposition"), "replace needs a full read, but the request asks for a part only ({{ last_success }}): use merge, or set refresh: full");
    }

    private void CheckSlices(MappingNode node, StreamDefinition stream, IReadOnlyList<(Template Template, Location Location)> templates)
    {
        var asking = templates.Where(t => t.Template.NeedsSlice).ToList();
        if (stream.Slices is not { } slices)
        {
            if (asking.Count > 0) problems.Add(asking[0].Location, "found slice, but the stream has no slices; add slices: { by: list, values: [ … ] }");
            return;
        }
        var at = LocationOf(node, "slices");
        if (slices.Param is null && slices.Pages is null && asking.Count == 0)
            problems.Add(at, "nothing in the request says which slice is meant, so each would read the same: add param to slices, or write {{ slice }} in the request");
        // A parameter that lacks one of its values is left out whole.
        foreach (var (template, location) in asking.Where(t => t.Template.IsFilter))
            problems.Add(location, $"found '{template}', which lacks a value in a first run, and would be left out with the slice in it: write two parameters, one with the slice and one with the filter");
        if (slices.Incremental != SlicedIncremental.Whole) return;
        if (slices.Pages is null && stream.Incremental is null && !templates.Any(t => t.Template.IsFilter))
            problems.Add(KeyOf(node, "slices", "incremental"), "each run of this stream reads everything, so there is nothing for incremental: whole; add incremental: { cursor_field: … }, or take it out");
        if (Within(node, "request", "path") is { } path && asking.Any(t => t.Location == path.Location))
            problems.Add(path.Location, "the path needs a slice, which runs after the import don't have with incremental: whole: ask for the slice in params, or take incremental out of slices");
    }

    private static ConfigNode? Within(MappingNode node, string key, string inner) => (node[key] as MappingNode)?[inner];

    private static Location KeyOf(MappingNode node, string key, string inner) => node[key] is MappingNode mapping ? LocationOf(mapping, inner) : LocationOf(node, key);

    private static string NearestHint(string field, IReadOnlyList<string> include) => NearestName.Of(field, include) is { } near ? $", or did you mean '{near}'?" : "";

    private static Location LocationOf(MappingNode node, string key) =>
        node.Entries.FirstOrDefault(e => string.Equals(e.Key.Text, key, StringComparison.Ordinal)).Key?.Location ?? node.Location;

    private static IReadOnlyList<string> NamesIn(MappingNode root, string key) => root[key] is MappingNode mapping ? [.. mapping.Entries.Select(e => e.Key.Text)] : [];
}
