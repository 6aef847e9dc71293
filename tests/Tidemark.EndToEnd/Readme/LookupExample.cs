#region lookups
using Tidemark;
using Tidemark.Http;
using Tidemark.Lookups;
using Tidemark.Lookups.Keys;
using Tidemark.Records;
using Tidemark.Sources;
using Tidemark.Sqlite;

namespace MyShop;

public sealed record ProductKey(string Asin, int Domain);

public sealed record Product(string Asin, string? Title, long? Rank);

public static class Products
{
    public static async Task<IReadOnlyList<string>> TitlesAsync(Uri api, string database, IReadOnlyList<string> asins, CancellationToken cancellationToken)
    {
        await using var store = await SqliteStore.OpenAsync(".tidemark/store.db", TimeProvider.System, cancellationToken);
        var pipeline = Pipeline.Create("shop")
            .From(new RestSource { Url = api, Authenticator = new ApiKeyAuthenticator { Query = "key", Value = new("demo-key") } })
            .To(new SqliteDestination { Path = database })
            .Lookup(new LookupDefinition
            {
                Name = "product",
                Params = [new LookupParam { Name = "asin" }, new LookupParam { Name = "domain", Type = LookupParamType.Int }],
                Key = KeyTemplate.Parse("product:{asin}:{domain}"),
                Ttl = TimeSpan.FromHours(6),
                StaleIfError = TimeSpan.FromDays(7),
                Request = new RestRequest
                {
                    Path = "/product",
                    Records = "products",
                    Params = [new("asin", Template.Parse("{{ request.asin }}")), new("domain", Template.Parse("{{ request.domain }}")), new("stats", Template.Parse("90"))],
                },
                Batch = new LookupBatch("asin", 100, "asin"),
                Columns = [new("asin", null, ColumnType.Text), new("title", null, ColumnType.Text), new("rank", JsonPath.Parse("stats.current[3]"), ColumnType.Bigint)],
            })
            .Store(store);

        // Whoever disposes them writes the counts that wait.
        await using var lookups = pipeline.OpenLookups();
        var products = lookups.Get<ProductKey, Product>("product");
        var first = await products.GetAsync(new ProductKey(asins[0], 1), cancellationToken);
        // One call for all the others.
        var all = await products.GetAsync(asins.Select(a => new ProductKey(a, 1)), cancellationToken);
        return [$"{first.Value?.Title}{(first.Stale ? " (old)" : "")}", .. all.Select(a => $"{a.Value?.Title} at rank {a.Value?.Rank}{(a.Answer.Cached ? ", kept" : "")}")];
    }
}
#endregion
