using System.Globalization;
using System.Text.Json;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>What the demo's scraper finds: three shops with a name, and as many more as it likes.</summary>
internal static class FoundShops
{
    private static readonly DateTime Start = new(2026, 1, 10, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>The first three.</summary>
    public static IReadOnlyList<string> Named { get; } =
    [
        Line("TestShop Electronics", "https://testshop.example", 1250, 5000, 0),
        Line("Fashion Forward Store", "https://fashion.example", 890, 8500, 1),
        Line("Home & Garden Plus", "https://garden.example", 567, 9800, 2),
    ];

    /// <summary>Others, by their numbers; each number is always the same shop.</summary>
    public static IReadOnlyList<string> More(int first, int count) => [.. Enumerable.Range(first, count).Select(n =>
        Line(string.Create(CultureInfo.InvariantCulture, $"Boutique n° {n}"), string.Create(CultureInfo.InvariantCulture, $"https://shop-{n}.example"), n * 37 % 2000, n * 971 % 90_000, n))];

    private static string Line(string name, string url, int products, int visits, int second) => $$"""
        {"name":"{{JsonEncodedText.Encode(name)}}","url":"{{url}}","products":{{products}},"monthly_visits":{{visits}},"status":"active","scraped_at":"{{Start.AddSeconds(second):yyyy-MM-ddTHH:mm:ssZ}}"}
        """;
}
