using System.Globalization;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>A day of an application's traffic: 100 searches and 50 products looked at 10 times on average, some far more often than others (Zipf), always the same.</summary>
internal static class DiscoveryDay
{
    private const int Searches = 100, Niches = 40, Products = 50, Looks = 500;
    private static readonly long[] Categories = [172282, 1055398, 165793011, 3375251, 2619533011, 1064954, 228013, 3760911, 165796011, 2972638011];

    /// <summary>The search of a niche.</summary>
    public static string Search(int niche) => string.Create(CultureInfo.InvariantCulture,
        $"/products/discover?domain=1&category={Categories[niche % Categories.Length]}&bsr_min={1 + (1000 * (niche / Categories.Length))}&bsr_max={50_000 + (25_000 * (niche / Categories.Length))}");

    /// <summary>The score of a product.</summary>
    public static string Score(string asin) => $"/products/score?asin={asin}&domain=1";

    /// <summary>All requests, in their order.</summary>
    /// <param name="asins">The products of the shop that are looked at.</param>
    public static IReadOnlyList<string> Requests(IReadOnlyList<string> asins)
    {
        var random = new Random(20261128);
        var requests = Enumerable.Range(0, Searches).Select(_ => Search(Zipf(random, Niches)))
            .Concat(Enumerable.Range(0, Looks).Select(_ => Score(asins[Zipf(random, Math.Min(Products, asins.Count))]))).ToArray();
        random.Shuffle(requests);
        return requests;
    }

    // The n-th is asked for as often as 1/n says.
    private static int Zipf(Random random, int count)
    {
        var at = random.NextDouble() * Enumerable.Range(1, count).Sum(n => 1.0 / n);
        for (var n = 1; n < count; n++)
        {
            if ((at -= 1.0 / n) < 0) return n - 1;
        }
        return count - 1;
    }
}
