using System.Globalization;
using System.Text.Json;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Simulators;
using Tidemark.Simulators.Hosting;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>An application that asks for products: what is bought once and then served, what happens when it expires, when a thousand ask at once, when the API is gone; and what a day saves.</summary>
internal sealed class DiscoveryDemo : IDemo
{
    private const int Stampede = 1000, Rate = 100;

    // Above it the saving is what the original had.
    private const double LeastSaving = 0.7;

    // Short enough to be waited for.
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(3);

    public string Recipe => "discovery";

    public async Task<int> RunAsync(DemoScene scene, CancellationToken stopping)
    {
        var outcome = new DiscoveryOutcome();
        IReadOnlyList<string> asins;
        await using (var api = await RunningSimulator.StartAsync("keepa", new SimulatorOptions { Limit = Rate }, stopping))
        {
            await ConfigureAsync(scene, api, new(StringComparer.Ordinal) { ["SCORING_TTL"] = "3s" }, stopping);
            scene.Say($"A product API listens on {DemoScene.UrlOf(api)}; it charges 11 tokens a search and 1 a product. tidemark serve stands before it. Answers of scores are fresh for {Ttl.TotalSeconds:0} s here, as nobody waits 6 h for a demo.");
            scene.Say("");
            using var server = await DemoServer.StartAsync(scene, stopping);
            var client = new DiscoveryClient(server);
            var search = await AskAsync(scene, client, "A search. Nobody has asked that before:", DiscoveryDay.Search(0), stopping);
            asins = [.. search.Json.GetProperty("value").GetProperty("asins").EnumerateArray().Select(a => a.GetString()!)];
            var product = DiscoveryDay.Score(asins[0]);
            await AskAsync(scene, client, "The score of a product:", product, stopping);
            var counts = new List<long>();
            for (var i = 0; i < 5; i++) counts.Add((await client.GetAsync(product, stopping)).HitCount);
            scene.Say($"Five more times: hit_count {string.Join(", ", counts)}");
            var again = await ExpiredAsync(scene, client, product, stopping);
            outcome = outcome with { Counts = counts, Kept = again.HitCount };

            var before = api.Calls.Total;
            var answers = await Task.WhenAll(Enumerable.Range(0, Stampede).Select(_ => client.GetAsync(DiscoveryDay.Score(asins[1]), stopping)));
            outcome = outcome with { StampedeCalls = api.Calls.Total - before, StampedeAnswers = answers.Count(a => a.Status == 200) };
            scene.Say($"{Terminal.Number(Stampede)} callers at once, all for one product that nobody has asked for: {Terminal.Number(outcome.StampedeAnswers)} answers, {outcome.StampedeCalls} call, as the API has counted");

            await api.DisposeAsync();
            scene.Say("");
            scene.Say("The API is gone.");
            var old = await ExpiredAsync(scene, client, product, stopping);
            var unknown = await AskAsync(scene, client, "A product that nobody has asked for:", DiscoveryDay.Score(asins[2]), stopping);
            outcome = outcome with { OldIsMarked = old.Stale, WithoutAnswer = unknown.Status, FirstExit = await server.StopAsync(stopping) };
        }
        outcome = await ReplayAsync(scene, asins, outcome, stopping);
        if (scene.Terminal.Json) outcome.WriteJson();
        else outcome.Tell(scene);
        return outcome.IsGood(LeastSaving) ? ExitCode.Done : ExitCode.SomeFailed;
    }

    private static async Task<DiscoveryOutcome> ReplayAsync(DemoScene scene, IReadOnlyList<string> asins, DiscoveryOutcome outcome, CancellationToken stopping)
    {
        await using var api = await RunningSimulator.StartAsync("keepa", new SimulatorOptions { Limit = Rate }, stopping);
        await ConfigureAsync(scene, api, new(StringComparer.Ordinal), stopping);
        using var server = await DemoServer.StartAsync(scene, stopping);
        var client = new DiscoveryClient(server);
        var requests = DiscoveryDay.Requests(asins);
        scene.Say("");
        scene.Say($"The API is back. A day of an application's traffic: {Terminal.Number(requests.Count)} requests, with the usual 24 h and 6 h.");
        var (worth, hits) = (0.0, 0);
        var price = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var request in requests)
        {
            var answer = await client.GetAsync(request, stopping);
            if (answer.Status != 200) throw new UserErrorException($"{request} was answered with {answer.Status}");
            if (answer.Cached) hits++;
            // What the same would have cost without anything kept: a search 10 and 1 for each 100 products, a product 1.
            worth += request.StartsWith("/products/score", StringComparison.Ordinal) ? 1 : 10 + Math.Ceiling(answer.Json.GetProperty("value").GetProperty("asins").GetArrayLength() / 100.0);
        }
        using var counter = new HttpClient();
        using var tokens = JsonDocument.Parse(await counter.GetStringAsync(new Uri(api.Address, "_sim/tokens"), stopping));
        return outcome with
        {
            Requests = requests.Count, Hits = hits, TokensWithout = worth, TokensSpent = tokens.RootElement.GetProperty("spent").GetInt64(), SecondExit = await server.StopAsync(stopping),
        };
    }

    // Waits until an answer's time is over, and asks again.
    private static async Task<DiscoveryAnswer> ExpiredAsync(DemoScene scene, DiscoveryClient client, string path, CancellationToken stopping)
    {
        var known = await client.GetAsync(path, stopping);
        var wait = known.ExpiresAt - TimeProvider.System.GetUtcNow();
        if (wait > TimeSpan.Zero) await Task.Delay(wait + TimeSpan.FromMilliseconds(50), TimeProvider.System, stopping);
        return await AskAsync(scene, client, "Its time is over:", path, stopping);
    }

    private static async Task<DiscoveryAnswer> AskAsync(DemoScene scene, DiscoveryClient client, string about, string path, CancellationToken stopping)
    {
        var answer = await client.GetAsync(path, stopping);
        scene.Say($"{about} GET {path}");
        if (answer.Status != 200)
        {
            scene.Say($"  {answer.Status}: {answer.Json.GetProperty("detail").GetString()}");
            return answer;
        }
        var value = answer.Json.GetProperty("value");
        var shown = value.TryGetProperty("asins", out var found) ? $"{found.GetArrayLength()} products" : $"{value.GetProperty("recommendation").GetString()}, ROI {value.GetProperty("roi_percent").GetDouble().ToString("0.0", CultureInfo.InvariantCulture)} %";
        scene.Say($"  {shown}; {answer.CacheStatus}; hit_count {answer.HitCount}, cost {answer.Json.GetProperty("cost").GetDouble().ToString("0.##", CultureInfo.InvariantCulture)}{(answer.Stale ? ", stale" : "")}");
        return answer;
    }

    private static Task ConfigureAsync(DemoScene scene, RunningSimulator api, Dictionary<string, string> variables, CancellationToken stopping)
    {
        variables["DISCOVERY_URL"] = DemoScene.UrlOf(api);
        return scene.ConfigureAsync($"The demo's simulator. It has ended; this starts it again: tidemark simulate keepa --limit {Rate} --port {api.Address.Port}", variables, stopping);
    }
}
