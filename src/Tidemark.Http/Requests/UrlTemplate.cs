using System.Text;
using Tidemark.Http.Paging;
using Tidemark.Sources;

namespace Tidemark.Http.Requests;

/// <summary>Addresses from templates. Values are encoded, so that data can't change the host, the path's structure or the query's.</summary>
internal static class UrlTemplate
{
    /// <summary>Reads the template of a path; it may have a query.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is no path below an address.</exception>
    public static Template ParsePath(string text)
    {
        var template = Template.Parse(text);
        if (text.Contains("://", StringComparison.Ordinal) && !text.Contains('?', StringComparison.Ordinal))
            throw new FormatException($"found the path '{text}', expected a path below the source's url, such as /clients");
        if (text.Contains('#', StringComparison.Ordinal))
            throw new FormatException($"found the path '{text}', expected no '#': a server never sees what follows it");
        return template;
    }

    /// <summary>The address of a page.</summary>
    /// <param name="source">The source's address; its query is kept.</param>
    /// <param name="path">The path below it.</param>
    /// <param name="query">The stream's parameters.</param>
    /// <param name="filled">Parameters that need no filling any more.</param>
    /// <param name="page">The page's own; they win over the stream's.</param>
    /// <param name="values">What the names in templates stand for.</param>
    /// <exception cref="SourceException">The path lacks a value, or a value would lead out of it.</exception>
    public static Uri Fill(Uri source, Template? path, IEnumerable<NamedTemplate> query, IReadOnlyList<(string Name, string Text)> filled, PageRequest? page, TemplateValues values)
    {
        var (below, ownQuery) = Path(path, values);
        var text = new StringBuilder(source.GetLeftPart(UriPartial.Path));
        if (below.Length > 0)
        {
            while (text[^1] == '/') text.Length--;
            text.Append('/').Append(below.TrimStart('/'));
        }
        var separator = '?';
        void Append(string pairs)
        {
            if (pairs.Length == 0) return;
            text.Append(separator).Append(pairs);
            separator = '&';
        }
        Append(source.Query.TrimStart('?'));
        Append(ownQuery);
        var paged = page?.Params ?? [];
        foreach (var (name, template) in query)
        {
            if (paged.Any(p => string.Equals(p.Name, name, StringComparison.Ordinal))) continue;
            if (template.Fill(values) is { } value) Append(Pair(name, value));
        }
        foreach (var (name, value) in filled) Append(Pair(name, value));
        foreach (var param in paged) Append(Pair(param.Name, param.Text));
        return new Uri(text.ToString());
    }

    private static (string Path, string Query) Path(Template? path, TemplateValues values)
    {
        if (path is null) return ("", "");
        var filled = path.Fill(values, Uri.EscapeDataString)
            ?? throw new SourceException($"the path '{path}' needs a value that is not there; a parameter can be left out, a path can't");
        var parts = filled.Split('?', 2);
        // A server may resolve dots even when they are encoded, so they can't be made harmless.
        if (parts[0].Split('/').Any(s => s is "." or ".."))
            throw new SourceException($"the path '{path}' became '{parts[0]}', whose dots would lead to another path; the call was not made");
        return (parts[0], parts.Length == 2 ? parts[1] : "");
    }

    private static string Pair(string name, string value) => $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}";
}
