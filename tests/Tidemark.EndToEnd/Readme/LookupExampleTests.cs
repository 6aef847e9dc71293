using MyShop;
using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd.Readme;

/// <summary>The C# example of docs/lookups.md is this project's code, and it does what it says.</summary>
public sealed class LookupExampleTests
{
    [Fact]
    public void Documentation_shows_the_code_that_is_compiled_here()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Tidemark.EndToEnd", "Readme", "LookupExample.cs"));
        var code = source.Split("#region lookups\n")[1].Split("#endregion")[0];
        Docs.Text("lookups.md").ShouldContain($"```csharp\n{code}```");
    }

    [Fact]
    public async Task Example_buys_each_product_once_in_two_calls()
    {
        await using var api = await RunningSimulator.StartAsync("keepa", new SimulatorOptions { Limit = 0 }, CancellationToken.None);
        using var directory = new TempDirectory();
        var asins = (await Truth.RecordsAsync(api, "products")).Take(3).Select(p => p.GetProperty("asin").GetString()!).ToList();

        var titles = await Products.TitlesAsync(api.Address, directory["shop.db"], asins, CancellationToken.None);
        titles.Count.ShouldBe(4);
        titles[0].ShouldNotBeNullOrEmpty();
        titles[1].ShouldStartWith($"{titles[0]} at rank ");
        titles.Select(t => t.EndsWith(", kept", StringComparison.Ordinal)).ShouldBe([false, true, false, false]);
        api.Calls.Total.ShouldBe(2);

        (await Products.TitlesAsync(api.Address, directory["shop.db"], asins, CancellationToken.None)).Skip(1).ShouldAllBe(t => t.EndsWith(", kept", StringComparison.Ordinal));
        api.Calls.Total.ShouldBe(2);
        Database.Scalar(directory["shop.db"], "select sum(hit_count) from product").ShouldBe(5L);
    }
}
