namespace Tidemark.Http.Paging;

/// <summary>Reads the Link header, RFC 8288.</summary>
internal static class LinkHeader
{
    /// <summary>The target of the first link with a relation; null: there is none.</summary>
    /// <param name="header">The header; several are joined by commas.</param>
    /// <param name="relation">The relation, e.g. <c>next</c>; case is ignored.</param>
    public static string? Find(string? header, string relation)
    {
        var rest = header.AsSpan();
        while (rest.IndexOf('<') is >= 0 and var open && rest[open..].IndexOf('>') is > 0 and var length)
        {
            var target = rest.Slice(open + 1, length - 1).Trim();
            rest = rest[(open + length + 1)..];
            var end = EndOfParameters(rest);
            if (HasRelation(rest[..end], relation)) return target.ToString();
            rest = rest[end..];
        }
        return null;
    }

    // A comma ends a link, but not one in quotes.
    private static int EndOfParameters(ReadOnlySpan<char> text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') quoted = !quoted;
            else if (text[i] == ',' && !quoted) return i;
        }
        return text.Length;
    }

    private static bool HasRelation(ReadOnlySpan<char> parameters, string relation)
    {
        foreach (var range in parameters.Split(';'))
        {
            var parameter = parameters[range].Trim();
            var equals = parameter.IndexOf('=');
            if (equals < 0 || !parameter[..equals].Trim().Equals("rel", StringComparison.OrdinalIgnoreCase)) continue;
            // One link may have several relations: rel="next last".
            var value = parameter[(equals + 1)..].Trim().Trim('"');
            foreach (var name in value.Split(' '))
            {
                if (value[name].Equals(relation, StringComparison.OrdinalIgnoreCase)) return true;
            }
        }
        return false;
    }
}
