using System.Text.Json;

namespace Tidemark.Simulators.Tests;

/// <summary>Walks the pages of one style as its clients do.</summary>
internal static class Walk
{
    public static async Task<List<JsonElement>> AllAsync(Client client, string style, string filter, int size = 1000)
    {
        var records = new List<JsonElement>();
        var url = First(style, filter, size);
        for (var page = 1; url is not null; page++)
        {
            if (style == "graphql")
            {
                url = await GraphQlPageAsync(client, url, size, records);
                continue;
            }

            using var response = await client.Http.GetAsync(url);
            response.EnsureSuccessStatusCode();
            var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            var list = body.ValueKind == JsonValueKind.Array ? body : body.GetProperty("communes");
            records.AddRange(list.EnumerateArray());
            url = style switch
            {
                "page" or "bare" => list.GetArrayLength() == 0 ? null : $"/communes/{style}?page={page + 1}&per_page={size}{filter}",
                "offset" => records.Count >= body.GetProperty("total").GetInt32() ? null : $"/communes/offset?offset={records.Count}&limit={size}{filter}",
                "cursor" => body.GetProperty("next_cursor").GetString() is { } cursor ? $"/communes/cursor?cursor={cursor}&limit={size}{filter}" : null,
                "curseur" => Following(body.GetProperty("header"), filter, size),
                "next" => body.GetProperty("next").GetString(),
                "link" => response.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null,
                _ => null,
            };
        }

        return records;
    }

    private static string First(string style, string filter, int size) => style switch
    {
        "page" or "bare" => $"/communes/{style}?page=1&per_page={size}{filter}",
        "curseur" => $"/communes/curseur?curseur=*&nombre={size}{filter}",
        "all" => "/communes/all",
        "graphql" => "",
        _ => $"/communes/{style}?limit={size}{filter}",
    };

    private static string? Following(JsonElement header, string filter, int size)
    {
        var next = header.GetProperty("curseurSuivant").GetString();
        return next == header.GetProperty("curseur").GetString() ? null : $"/communes/curseur?curseur={next}&nombre={size}{filter}";
    }

    private static async Task<string?> GraphQlPageAsync(Client client, string after, int size, List<JsonElement> records)
    {
        var answer = await client.QueryAsync(
            "query($n: Int, $after: String) { allCommunes(first: $n, after: $after) { edges { node { code nom population } } pageInfo { hasNextPage endCursor } } }",
            new { n = size, after = after.Length == 0 ? null : after },
            "/communes/graphql");
        var connection = answer.GetProperty("data").GetProperty("allCommunes");
        records.AddRange(connection.GetProperty("edges").EnumerateArray().Select(edge => edge.GetProperty("node")));
        var info = connection.GetProperty("pageInfo");
        return info.GetProperty("hasNextPage").GetBoolean() ? info.GetProperty("endCursor").GetString() : null;
    }
}
