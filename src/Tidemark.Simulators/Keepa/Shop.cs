using System.Globalization;

namespace Tidemark.Simulators.Keepa;

/// <summary>The products that there are, from nothing but the seed.</summary>
internal sealed class Shop
{
    private const int Products = 5000;
    private const string Signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly long[] Categories = [172282, 1055398, 165793011, 3375251, 2619533011, 1064954, 228013, 3760911, 165796011, 2972638011];
    private static readonly string[] Kinds = ["Lamp", "Kettle", "Backpack", "Keyboard", "Desk", "Bottle", "Puzzle", "Headset", "Drill", "Tent"];
    private static readonly string[] Words = ["Compact", "Foldable", "Oak", "Silent", "Travel", "Classic", "Mini", "Pro", "Bright", "Steel"];

    private readonly Dictionary<string, Product> _byAsin;

    public Shop(int seed, int scale)
    {
        var random = new Random(seed);
        All = [.. Enumerable.Range(1, Products * scale).Select(number => Make(random, number))];
        _byAsin = All.ToDictionary(p => p.Asin, StringComparer.Ordinal);
    }

    public IReadOnlyList<Product> All { get; }

    public Product? Find(string asin) => _byAsin.GetValueOrDefault(asin);

    private static Product Make(Random random, int number)
    {
        Span<char> sign = stackalloc char[8];
        for (var i = 7; i >= 0; i--)
            sign[i] = Signs[random.Next(Signs.Length)];
        var kind = random.Next(Categories.Length);
        // Ranks are spread over orders of magnitude, as in a real shop.
        var rank = (int)Math.Pow(10, 1.5 + (random.NextDouble() * 4.2));
        var price = random.Next(20) == 0 ? -1 : (int)(500 + (Math.Pow(random.NextDouble(), 2) * 20_000));
        return new Product(
            $"B0{sign}", string.Create(CultureInfo.InvariantCulture, $"{Words[random.Next(Words.Length)]} {Kinds[kind]} {number}"), Categories[kind], rank,
            (int)(rank * (0.6 + random.NextDouble())), price, price < 0 ? -1 : (int)(price * (0.85 + (random.NextDouble() * 0.3))));
    }
}
