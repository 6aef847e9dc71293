#region shops
using System.Text.Json.Serialization;
using Tidemark.Saving;
using Tidemark.Sqlite;

namespace MyScraper;

public sealed record Shop(string Name, string Url, int Products, int MonthlyVisits, string Status, DateTimeOffset ScrapedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Shop))]
public sealed partial class ShopJson : JsonSerializerContext;

public static class Scraper
{
    public static async Task<BatchWriterStatistics> SaveAsync(IAsyncEnumerable<Shop> shops, string database, CancellationToken cancellationToken)
    {
        var options = new BatchWriterOptions { Destination = new SqliteDestination { Path = database }, Table = "shops", Key = ["url"] };
        await using var writer = new BatchWriter<Shop>(options, ShopJson.Default.Shop);
        // Adding returns at once; receipt.Durable tells when the shop is on disk.
        await foreach (var shop in shops) _ = await writer.AddAsync(shop, cancellationToken);
        await writer.FlushAsync(cancellationToken);
        return writer.Statistics;
    }
}
#endregion
