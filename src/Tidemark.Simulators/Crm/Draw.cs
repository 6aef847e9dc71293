using System.Globalization;
using System.Text.Json.Nodes;

namespace Tidemark.Simulators.Crm;

/// <summary>Draws the parts of records.</summary>
internal static class Draw
{
    private const string IdLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    public static T Pick<T>(this Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

    public static string Id(this Random random, string prefix) => prefix + random.GetString(IdLetters, 16);

    /// <summary>Up to <paramref name="most"/> different ones, in their own order; often none.</summary>
    public static JsonArray Some(this Random random, IReadOnlyList<string> from, int most)
    {
        var wanted = random.Next(most + 1);
        return new JsonArray([.. from.OrderBy(_ => random.Next()).Take(wanted).Order(StringComparer.Ordinal).Select(static one => (JsonNode?)one)]);
    }

    public static JsonNode? Sometimes(this Random random, double probability, JsonNode value) =>
        random.Chance(probability) ? value : null;

    public static JsonObject Address(this Random random)
    {
        var (postalCode, city, country) = random.Pick(Words.Cities);
        return new JsonObject
        {
            ["street"] = string.Create(CultureInfo.InvariantCulture, $"{random.Next(1, 190)} {random.Pick(Words.Streets)}"),
            ["postalCode"] = postalCode,
            ["city"] = city,
            ["country"] = country,
        };
    }

    public static string Phone(this Random random) =>
        string.Create(CultureInfo.InvariantCulture, $"+33 {random.Next(1, 8)} {random.Next(10, 100)} {random.Next(10, 100)} {random.Next(10, 100)} {random.Next(10, 100)}");

    /// <summary>Another word of a list than the present one.</summary>
    public static string Other(this Random random, IReadOnlyList<string> from, string? present)
    {
        var others = from.Where(one => !string.Equals(one, present, StringComparison.Ordinal)).ToList();
        return random.Pick(others);
    }
}
