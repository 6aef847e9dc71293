using System.Globalization;
using System.Text.Json;

namespace Tidemark.Simulators.Keepa;

/// <summary>What a product finder asks for.</summary>
internal sealed class Selection
{
    private const int LeastPage = 50;
    private const int MostPage = 10_000;

    private readonly List<Func<Product, bool>> _filters = [];
    private int _page;
    private int _perPage = LeastPage;
    private bool _descending;

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is not what the API takes.</exception>
    public static Selection Read(string json)
    {
        var selection = new Selection();
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var member in document.RootElement.EnumerateObject())
                selection.Add(member.Name, member.Value);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"selection is not the JSON that is expected: {e.Message}", e);
        }

        return selection;
    }

    /// <summary>The products, and how many there are in all.</summary>
    public (IReadOnlyList<string> Asins, int Total) Find(Shop shop)
    {
        var found = shop.All.Where(p => _filters.TrueForAll(f => f(p))).OrderBy(p => _descending ? -p.Rank : p.Rank).ThenBy(p => p.Asin, StringComparer.Ordinal).ToList();
        return ([.. found.Skip(_page * _perPage).Take(_perPage).Select(p => p.Asin)], found.Count);
    }

    private void Add(string name, JsonElement value)
    {
        switch (name)
        {
            case "current_SALES_gte": AddBound(value, p => p.Rank, least: true); break;
            case "current_SALES_lte": AddBound(value, p => p.Rank, least: false); break;
            case "avg90_SALES_gte": AddBound(value, p => p.AverageRank, least: true); break;
            case "avg90_SALES_lte": AddBound(value, p => p.AverageRank, least: false); break;
            case "current_NEW_gte" or "current_BUY_BOX_SHIPPING_gte": AddBound(value, p => p.Price, least: true); break;
            case "current_NEW_lte" or "current_BUY_BOX_SHIPPING_lte": AddBound(value, p => p.Price, least: false); break;
            case "rootCategory" or "categories_include":
                var categories = value.EnumerateArray().Select(c => c.ValueKind == JsonValueKind.Number ? c.GetInt64() : long.Parse(c.GetString()!, CultureInfo.InvariantCulture)).ToHashSet();
                _filters.Add(p => categories.Contains(p.Category));
                break;
            case "sort": _descending = value[0][1].GetString() is "desc"; break;
            case "page": _page = value.GetInt32(); break;
            case "perPage":
                _perPage = value.GetInt32();
                if (_perPage is < LeastPage or > MostPage)
                    throw new FormatException($"perPage is {_perPage}; {LeastPage} to {MostPage} are expected");
                break;
            default: throw new FormatException($"selection has an unknown member '{name}'");
        }
    }

    private void AddBound(JsonElement value, Func<Product, int> of, bool least)
    {
        var bound = value.GetInt64();
        _filters.Add(least ? p => of(p) >= bound : p => of(p) >= 0 && of(p) <= bound);
    }
}
