using System.Net;
using System.Text.Json;
using Tidemark.Simulators.Hosting;

namespace Tidemark.Simulators.Tests;

public sealed class KeepaTests
{
    [Fact]
    public async Task Tokens_are_charged_until_none_are_left_and_may_go_below_nothing()
    {
        await using var api = await RunningSimulator.StartAsync("keepa", new SimulatorOptions { Limit = 1, Interval = TimeSpan.FromHours(1) }, default);
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip }) { BaseAddress = api.Address };
        async Task<(int Status, JsonElement Json)> GetAsync(string path)
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
        }

        (await GetAsync("/token?key=k&domain=1")).Json.GetProperty("tokensLeft").GetInt32().ShouldBe(60);
        var (status, found) = await GetAsync("/query?key=k&domain=1&selection=" + Uri.EscapeDataString("""{"rootCategory":["172282"],"current_SALES_gte":100,"current_SALES_lte":50000,"sort":[["current_SALES","asc"]],"perPage":50}"""));
        status.ShouldBe(200);
        (found.GetProperty("asinList").GetArrayLength(), found.GetProperty("tokensConsumed").GetInt32(), found.GetProperty("tokensLeft").GetInt32()).ShouldBe((50, 11, 49));
        found.GetProperty("totalResults").GetInt32().ShouldBeGreaterThan(50);
        var asins = found.GetProperty("asinList").EnumerateArray().Select(a => a.GetString()!).ToList();
        var (_, products) = await GetAsync($"/product?key=k&domain=1&stats=90&asin={string.Join(',', asins.Take(49).Append("B0NOTHING0"))}");
        products.GetProperty("products").GetArrayLength().ShouldBe(50);
        products.GetProperty("products")[49].GetProperty("title").ValueKind.ShouldBe(JsonValueKind.Null);
        var ranks = products.GetProperty("products").EnumerateArray().Take(49).Select(p => p.GetProperty("stats").GetProperty("current")[3].GetInt32()).ToList();
        ranks.ShouldBeInOrder();
        ranks.ShouldAllBe(r => r >= 100 && r <= 50000);
        products.GetProperty("tokensLeft").GetInt32().ShouldBe(-1);
        var (refused, problem) = await GetAsync($"/product?key=k&domain=1&asin={asins[0]}");
        (refused, problem.GetProperty("error").GetProperty("type").GetString(), problem.GetProperty("tokensConsumed").GetInt32(), problem.GetProperty("tokensLeft").GetInt32()).ShouldBe((429, "NOT_ENOUGH_TOKEN", 0, -1));
        api.Calls.Refused.ShouldBe(1);
        (await GetAsync("/product?domain=1&asin=A")).Status.ShouldBe(400);
        (await GetAsync("/query?key=k&domain=1&selection=x")).Status.ShouldBe(400);
    }
}
