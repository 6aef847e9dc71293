using System.Globalization;
using System.Text;
using System.Text.Json;
using Tidemark.Lookups;
using Tidemark.Records;

namespace Tidemark.Cli.Scoring;

/// <summary>
/// What reselling a product is worth, from an answer of Keepa's /product: <c>roi_percent</c>, <c>velocity_score</c> and <c>recommendation</c>, beside <c>title</c>, <c>price</c> and <c>bsr</c>. The formula, and
/// what of it is ours, is in docs/discovery.md.
/// </summary>
internal sealed record ProductScore : ILookupComputation
{
    private const int BuyBox = 18, New = 1, SalesRank = 3, Japan = 5;

    private static readonly JsonPath Current = JsonPath.Parse("stats.current");
    private static readonly JsonPath Average = JsonPath.Parse("stats.avg90");
    private static readonly JsonPath Title = JsonPath.Parse("title");
    private static readonly JsonPath Asin = JsonPath.Parse("asin");

    /// <summary>What a reseller pays, as a share of the sale price, where the request does not say it.</summary>
    public double CostRatio { get; init; } = 0.5;

    /// <summary>The marketplace's share of the sale price.</summary>
    public double ReferralFee { get; init; } = 0.15;

    /// <summary>What packing and sending one costs.</summary>
    public double FulfilmentFee { get; init; } = 3.5;

    /// <summary>The rank from which on nothing sells.</summary>
    public double SlowestRank { get; init; } = 1_000_000;

    /// <summary>The least ROI in percent, and the least velocity, of STRONG_BUY.</summary>
    public ScoreThreshold StrongBuy { get; init; } = new(50, 70);

    /// <summary>The same of BUY.</summary>
    public ScoreThreshold Buy { get; init; } = new(30, 50);

    /// <summary>The same of CONSIDER; less is SKIP.</summary>
    public ScoreThreshold Consider { get; init; } = new(15, 30);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Compute(ReadOnlyMemory<byte> answer, IReadOnlyDictionary<string, ScalarValue> request)
    {
        var (current, average) = (NumbersAt(Current, answer.Span), NumbersAt(Average, answer.Span));
        if (current.Count == 0) throw new FormatException("the product has no stats: ask for them with stats: 90");
        var price = PriceOf(current, request);
        // Nobody offers it, or it has never sold: there is nothing to score.
        if (price is not > 0 || At(current, SalesRank) is not { } rank) return null;
        var cost = request.TryGetValue("cost", out var told) ? double.Parse(told.Text, CultureInfo.InvariantCulture) : price.Value * CostRatio;
        if (cost <= 0) throw new FormatException($"found a cost of {cost.ToString(CultureInfo.InvariantCulture)}, expected one above 0");
        var roi = Math.Round(RoiOf(price.Value, cost), 2);
        var velocity = Math.Round(VelocityOf(rank, At(average, SalesRank) ?? rank), 1);
        return Write(answer.Span, roi, velocity, price.Value, rank);
    }

    /// <summary>(sale price − fees − cost) ÷ cost, in percent.</summary>
    internal double RoiOf(double price, double cost) => 100 * (price - (price * ReferralFee) - FulfilmentFee - cost) / cost;

    /// <summary>0 to 100: 100 for rank 1, 0 for <see cref="SlowestRank"/>, by the logarithm of the rank; times the square root of its improvement on the average of 90 days, from a half to one and a half.</summary>
    internal double VelocityOf(double rank, double averageRank)
    {
        var level = 100 * (1 - (Math.Log10(Math.Max(1, rank)) / Math.Log10(SlowestRank)));
        var trend = Math.Clamp(Math.Sqrt(averageRank / Math.Max(1, rank)), 0.5, 1.5);
        return Math.Clamp(level * trend, 0, 100);
    }

    /// <summary>The word for both.</summary>
    internal string RecommendationOf(double roi, double velocity) =>
        StrongBuy.Holds(roi, velocity) ? "STRONG_BUY" : Buy.Holds(roi, velocity) ? "BUY" : Consider.Holds(roi, velocity) ? "CONSIDER" : "SKIP";

    // In the smallest unit; yen have no smaller one.
    private static double? PriceOf(List<double> current, IReadOnlyDictionary<string, ScalarValue> request) =>
        (At(current, BuyBox) ?? At(current, New)) / (request.TryGetValue("domain", out var domain) && domain.Text == Japan.ToString(CultureInfo.InvariantCulture) ? 1 : 100);

    private static double? At(List<double> numbers, int index) => index < numbers.Count && numbers[index] >= 0 ? numbers[index] : null;

    private static List<double> NumbersAt(JsonPath path, ReadOnlySpan<byte> answer)
    {
        if (!path.TryFind(answer, out var slice)) return [];
        using var json = JsonDocument.Parse(answer.Slice(slice.Offset, slice.Length).ToArray());
        return json.RootElement.ValueKind != JsonValueKind.Array ? [] : [.. json.RootElement.EnumerateArray().Select(n => n.ValueKind == JsonValueKind.Number ? n.GetDouble() : -1)];
    }

    private ReadOnlyMemory<byte> Write(ReadOnlySpan<byte> answer, double roi, double velocity, double price, double rank)
    {
        var (asin, title) = (Asin.FindText(answer), Title.FindText(answer));
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("asin", asin);
            json.WriteNumber("roi_percent", roi);
            json.WriteNumber("velocity_score", velocity);
            json.WriteString("recommendation", RecommendationOf(roi, velocity));
            // Titles are the sellers' own, of any length; the column is not.
            json.WriteString("title", title is { Length: > 500 } ? new StringBuilder(title, 0, 500, 500).ToString() : title);
            json.WriteNumber("price", price);
            json.WriteNumber("bsr", (long)rank);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
