using Tidemark.Sources;

namespace Tidemark.Http.Requests;

/// <summary>Headers from templates.</summary>
internal static class HeaderValues
{
    /// <summary>The headers that have all their values.</summary>
    /// <param name="headers">Names and templates.</param>
    /// <param name="values">What the names in templates stand for.</param>
    /// <exception cref="SourceException">A value can't stand in a header.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Fill(IReadOnlyList<NamedTemplate> headers, TemplateValues values)
    {
        var filled = new List<KeyValuePair<string, string>>(headers.Count);
        foreach (var (name, template) in headers)
        {
            if (template.Fill(values) is not { } value) continue;
            if (value.Any(char.IsControl)) throw new SourceException($"the value of the header '{name}' has a line break or another control character; the call was not made");
            filled.Add(new(name, value));
        }
        return filled;
    }
}
