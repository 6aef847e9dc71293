using System.Net;
using System.Text.Json;

namespace Tidemark.Simulators.Tests;

/// <summary>Calls the simulated register as its clients do.</summary>
internal static class SireneClient
{
    public const string Path = "/api-sirene/3.11/siret";

    public static async Task<(HttpStatusCode Status, JsonElement Body)> SearchAsync(this Client client, string parameters, string? key = "any")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path + "?" + parameters);
        if (key is not null)
            request.Headers.Add("X-INSEE-Api-Key-Integration", key);
        using var response = await client.Http.SendAsync(request);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    /// <summary>Follows the cursor to the end.</summary>
    public static async Task<List<JsonElement>> FollowAsync(this Client client, string q, int size = 1000)
    {
        var records = new List<JsonElement>();
        for (var cursor = "*"; ;)
        {
            var (status, body) = await client.SearchAsync($"nombre={size}&curseur={cursor}&q={Uri.EscapeDataString(q)}");
            status.ShouldBe(HttpStatusCode.OK);
            records.AddRange(Seats(body));
            var header = body.GetProperty("header");
            header.GetProperty("curseur").GetString().ShouldBe(cursor);
            var next = Next(body)!;
            if (next == cursor)
                return records;
            cursor = next;
        }
    }

    public static JsonElement.ArrayEnumerator Seats(JsonElement body) => body.GetProperty("etablissements").EnumerateArray();

    public static int Total(JsonElement body) => body.GetProperty("header").GetProperty("total").GetInt32();

    public static string? Next(JsonElement body) => body.GetProperty("header").GetProperty("curseurSuivant").GetString();

    public static string? Siret(JsonElement seat) => seat.GetProperty("siret").GetString();

    public static string Treated(JsonElement seat) => seat.GetProperty("dateDernierTraitementEtablissement").GetString()!;

    public static string Address(JsonElement seat, string field) => seat.GetProperty("adresseEtablissement").GetProperty(field).GetString() ?? "";
}
