using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Destinations;

namespace Tidemark.Configuration.Shapes;

/// <summary>A destination of any registered type: <c>{ type: sqlite, … }</c>, or <c>{ url: sqlite:PATH }</c>, where the URL tells the type.</summary>
internal sealed class DestinationFormat : Format<DestinationDefinition>
{
    private readonly IReadOnlyList<DestinationConnector> _connectors;
    private readonly Variants<DestinationDefinition> _variants = new("destination");
    private readonly Shape<UrlOnly> _url;

    public DestinationFormat(IReadOnlyList<DestinationConnector> connectors)
    {
        _connectors = connectors;
        foreach (var connector in connectors.OrderBy(c => c.Type, StringComparer.Ordinal)) connector.AddTo(_variants);
        _url = new Shape<UrlOnly>("A destination by its URL.", () => new UrlOnly(""))
            .Required("url", Formats.Text, (_, url) => new UrlOnly(url), "The database, e.g. sqlite:crm.db, postgresql://user:password@host/database or mongodb://host/database; a relative path is relative to this file.");
    }

    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out DestinationDefinition value)
    {
        // A text in this place is most likely a URL, password and all.
        if (node is ScalarNode { IsNull: false })
        {
            value = null;
            problems.Add(node.Location, "found a text that is not shown here, expected a destination, such as { url: \"${DATABASE_URL}\" }");
            return false;
        }
        if (node is not MappingNode mapping || mapping["type"] is not null || mapping["url"] is not { } url) return _variants.TryRead(node, problems, out value);
        value = null;
        return _url.TryRead(mapping, problems, out var read) && TryReadUrl(read.Url, url.Location, problems, out value);
    }

    public override JsonObject Schema()
    {
        var schema = _variants.Schema();
        ((JsonArray)schema["anyOf"]!).Add(_url.Schema());
        // Each of the two forms has required keys of its own.
        schema.Remove("required");
        foreach (var variant in schema["anyOf"]!.AsArray().OfType<JsonObject>().Where(v => v["properties"]!["type"] is not null))
        {
            if (variant["required"] is JsonArray required) required.Insert(0, "type");
            else variant["required"] = new JsonArray("type");
        }
        return schema;
    }

    // A URL may hold a password: messages show what stands before its first colon, and no more.
    private bool TryReadUrl(string url, Location location, ConfigProblems problems, [MaybeNullWhen(false)] out DestinationDefinition value)
    {
        value = null;
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon < 0 ? "" : url[..colon];
        try
        {
            value = _connectors.Select(c => c.FromUrl(url, Path.GetDirectoryName(location.File) ?? "")).FirstOrDefault(d => d is not null);
        }
        catch (FormatException e)
        {
            problems.Add(location, e.Message);
            return false;
        }
        if (value is not null) return true;
        var known = string.Join(", ", _connectors.Select(c => c.Type + ":…"));
        problems.Add(location, scheme.Length == 0 ? $"found a URL without a type before ':', expected one of {known}" : $"found a URL that begins with '{scheme}:', expected one of {known}");
        return false;
    }

    private sealed record UrlOnly(string Url);
}
