using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tidemark.Server.Operations;

/// <summary>Lists that are given in parts: <c>limit</c> says how many, <c>before</c> which one the part before has ended with.</summary>
internal static class PagedAnswer
{
    public const int DefaultLimit = 50;
    public const int MostLimit = 1000;

    /// <summary>How many are asked for.</summary>
    public static int Limit(HttpRequest request)
    {
        if (!request.Query.TryGetValue("limit", out var text)) return DefaultLimit;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MostLimit
            ? limit
            : throw RequestJson.Bad(string.Create(CultureInfo.InvariantCulture, $"found limit={text}, expected a whole number from 1 to {MostLimit}"));
    }

    /// <summary>The last one of the part before; null: from the beginning.</summary>
    public static string? Before(HttpRequest request) => Query(request, "before");

    /// <summary>A parameter of the query; null: it is not there.</summary>
    public static string? Query(HttpRequest request, string name) => request.Query.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>Refuses parameters that are not known: a mistyped filter must not look like one that found everything.</summary>
    public static void Know(HttpRequest request, params string[] known)
    {
        foreach (var name in request.Query.Keys.Where(k => !known.Contains(k, StringComparer.Ordinal)))
            throw RequestJson.Bad($"unknown parameter '{name}'{Definitions.NearestName.Hint(name, known)}");
    }

    /// <summary>Writes where the next part is as the member <c>next</c>; null: there is none.</summary>
    public static void WriteNext(Utf8JsonWriter json, HttpRequest request, int limit, int count, string? last)
    {
        if (count < limit || last is null)
        {
            json.WriteNull("next");
            return;
        }
        var query = new StringBuilder();
        foreach (var (name, value) in request.Query.Where(q => q.Key is not "before")) query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value.ToString()));
        query.Append(query.Length == 0 ? '?' : '&').Append("before=").Append(Uri.EscapeDataString(last));
        json.WriteString("next", $"{request.Path}{query}");
    }
}
