using Tidemark.Definitions;
using Tidemark.Runs;
using Tidemark.Serving;

namespace Tidemark.Configuration;

/// <summary>What ties endpoints to the rest of the file: their destinations, and each other's paths.</summary>
internal static class EndpointLinks
{
    /// <summary>Finds what is wrong, and gives each endpoint its name.</summary>
    /// <param name="root">The configuration.</param>
    /// <param name="pipeline">The configuration as far as it was read.</param>
    /// <param name="endpoints">The endpoints that could be read, by name.</param>
    /// <param name="problems">Where problems go.</param>
    public static IReadOnlyList<EndpointDefinition> Check(MappingNode root, PipelineDefinition pipeline, IReadOnlyDictionary<string, EndpointDefinition> endpoints, ConfigProblems problems)
    {
        if (root["endpoints"] is not MappingNode all) return [];
        List<string> known = root["destinations"] is MappingNode destinations ? [.. destinations.Entries.Select(e => e.Key.Text)] : [];
        var paths = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var checkedOnes = new List<EndpointDefinition>();
        foreach (var (name, body) in all.Entries)
        {
            if (!endpoints.TryGetValue(name.Text, out var endpoint)) continue;
            if (!paths.TryAdd(endpoint.Path, name.Text)) problems.Add((body as MappingNode)?["route"]?.Location ?? name.Location, $"found the path '{endpoint.Path}', which is that of '{paths[endpoint.Path]}' already");
            if ((body as MappingNode)?["destination"] is ScalarNode { IsNull: false } link && !known.Contains(link.Text, StringComparer.Ordinal) && known.Count > 0)
                problems.Add(link.Location, $"found {link.Kind}, which is no destination{NearestName.Hint(link.Text, known)}");
            if (endpoint.Destination is null && known.Count > 1) problems.Add(name.Location, $"the endpoint '{name.Text}' needs the key 'destination': there are several ({string.Join(", ", known)})");
            if (pipeline.Destinations.GetValueOrDefault(endpoint.Destination ?? known.FirstOrDefault() ?? "") is not null) checkedOnes.Add(endpoint with { Name = name.Text });
        }
        return checkedOnes;
    }
}
