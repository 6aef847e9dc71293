namespace Tidemark.Http.Signals;

/// <summary>An item of a list in a structured header (RFC 9651): <c>"burst";q=100;w=60</c>, or a member of a dictionary: <c>limit=100</c>.</summary>
/// <param name="Name">The item's own text, without quotes; the key of a member.</param>
/// <param name="Value">The value of a member; null: it is an item of a list.</param>
/// <param name="Params">The parameters.</param>
internal sealed record StructuredItem(string Name, string? Value, IReadOnlyDictionary<string, string> Params)
{
    /// <summary>Reads a header leniently: what is no item is left out.</summary>
    /// <param name="header">The header; null: there is none.</param>
    public static IEnumerable<StructuredItem> ReadAll(string? header) =>
        from text in Split(header ?? "", ',')
        let parts = Split(text, ';')
        let own = Pair(parts[0])
        where own.Name.Length > 0
        select new StructuredItem(own.Name, own.Value, ParamsOf(parts.Skip(1)));

    // The last one of several with the same key counts, as the standard says.
    private static Dictionary<string, string> ParamsOf(IEnumerable<string> parts)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in parts.Select(Pair))
        {
            if (value is not null) read[name] = value;
        }
        return read;
    }

    private static (string Name, string? Value) Pair(string text)
    {
        if (text.StartsWith('"')) return (Unquoted(text), null);
        var equal = text.IndexOf('=', StringComparison.Ordinal);
        return equal < 0 ? (text, null) : (text[..equal], Unquoted(text[(equal + 1)..]));
    }

    private static string Unquoted(string text) =>
        text is ['"', .., '"'] && text.Length >= 2 ? text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal) : text;

    private static List<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        var (start, quoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '\\') i++;
            else if (text[i] == '"') quoted = !quoted;
            else if (!quoted && text[i] == separator)
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }
        }
        parts.Add(text[start..].Trim());
        return parts;
    }
}
