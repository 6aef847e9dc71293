using System.Text;
using System.Text.Json;
using Tidemark.Cli.Scoring;
using Tidemark.Records;

namespace Tidemark.EndToEnd.Discovery;

/// <summary>The formula of docs/discovery.md, by hand.</summary>
public sealed class ProductScoreTests
{
    private static readonly ProductScore Score = new();

    [Theory]
    // 20 − 3 − 3.5 − 10 = 3.5
    [InlineData(20, 10, 35)]
    [InlineData(20, 5, 170)]
    [InlineData(5, 10, -92.5)]
    public void Roi_is_profit_by_what_was_paid(double price, double cost, double roi) => Score.RoiOf(price, cost).ShouldBe(roi, 1e-9);

    [Theory]
    [InlineData(1, 1, 100)]
    [InlineData(1000, 1000, 50)]
    [InlineData(1_000_000, 1_000_000, 0)]
    [InlineData(50_000_000, 50_000_000, 0)]
    // It sells better than on average: √(2250 ÷ 1000) = 1.5
    [InlineData(1000, 2250, 75)]
    [InlineData(1000, 9_000_000, 75)]
    [InlineData(1000, 250, 25)]
    [InlineData(1, 9, 100)]
    public void Velocity_falls_with_the_rank_and_rises_with_its_trend(double rank, double average, double velocity) => Score.VelocityOf(rank, average).ShouldBe(velocity, 1e-9);

    [Theory]
    [InlineData(50, 70, "STRONG_BUY")]
    [InlineData(49.9, 70, "BUY")]
    [InlineData(90, 50, "BUY")]
    [InlineData(30, 49.9, "CONSIDER")]
    [InlineData(15, 30, "CONSIDER")]
    [InlineData(14.9, 90, "SKIP")]
    [InlineData(90, 29.9, "SKIP")]
    public void Recommendation_asks_for_both(double roi, double velocity, string word) => Score.RecommendationOf(roi, velocity).ShouldBe(word);

    [Fact]
    public void Answer_becomes_a_row()
    {
        var row = Compute(Product(boxed: 2000, used: 1500, rank: 1000), [])!.Value;
        (row.GetProperty("asin").GetString(), row.GetProperty("roi_percent").GetDouble(), row.GetProperty("velocity_score").GetDouble(), row.GetProperty("recommendation").GetString(), row.GetProperty("price").GetDouble(), row.GetProperty("bsr").GetInt64())
            .ShouldBe(("B00EXAMPLE", 35, 50, "BUY", 20, 1000));
        Compute(Product(boxed: -1, used: 1500, rank: 1000), [])!.Value.GetProperty("price").GetDouble().ShouldBe(15);
        Compute(Product(boxed: 2000, used: 1500, rank: 1000), [("cost", "5")])!.Value.GetProperty("roi_percent").GetDouble().ShouldBe(170);
        // Yen have no smaller unit.
        Compute(Product(boxed: 2000, used: 1500, rank: 1000), [("domain", "5")])!.Value.GetProperty("price").GetDouble().ShouldBe(2000);
    }

    [Fact]
    public void What_nobody_offers_or_has_no_rank_has_no_score()
    {
        Compute(Product(boxed: -1, used: -1, rank: 1000), []).ShouldBeNull();
        Compute(Product(boxed: 2000, used: 1500, rank: -1), []).ShouldBeNull();
        Should.Throw<FormatException>(() => Compute("""{"asin":"B00EXAMPLE"}""", [])).Message.ShouldContain("stats");
    }

    private static JsonElement? Compute(string answer, (string Name, string Number)[] request) =>
        Score.Compute(Encoding.UTF8.GetBytes(answer), request.ToDictionary(r => r.Name, r => new ScalarValue(ScalarKind.Number, r.Number), StringComparer.Ordinal)) is { } row ? JsonDocument.Parse(row).RootElement : null;

    private static string Product(int boxed, int used, int rank)
    {
        string Numbers() => string.Join(',', Enumerable.Range(0, 19).Select(i => i switch { 1 => used, 3 => rank, 18 => boxed, _ => -1 }));
        return $$$"""{"asin":"B00EXAMPLE","title":"Thing","stats":{"current":[{{{Numbers()}}}],"avg90":[{{{Numbers()}}}]}}""";
    }
}
