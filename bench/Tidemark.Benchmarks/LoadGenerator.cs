using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Tidemark.Benchmarks;

/// <summary>Posts KPI entries to a server in another process, and tells how long the answers took.</summary>
internal static class LoadGenerator
{
    private const string Path = "/api/v1/integrations/kpi/sync";
    private const int Sellers = 100;

    /// <summary>Posts one after the other, by several clients at once. Prints: median and 99th percentile in ms, entries a second, answers other than 200.</summary>
    /// <param name="url">The server.</param>
    /// <param name="name">The source of the entries, different for each case.</param>
    /// <param name="posts">How many posts.</param>
    /// <param name="entries">Entries of a post.</param>
    /// <param name="clients">How many at once.</param>
    public static async Task PostAsync(string url, string name, int posts, int entries, int clients)
    {
        using var client = ClientOf(url, clients);
        // What the process does for the first time is not what is measured.
        for (var i = 0; i < 20; i++) await PostAsync(client, $"{name}-warm", i, entries);
        var (times, failed, next) = (new double[posts], 0, -1);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var number && number < posts)
            {
                var sent = Stopwatch.GetTimestamp();
                if (await PostAsync(client, name, number, entries) != HttpStatusCode.OK) Interlocked.Increment(ref failed);
                times[number] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
            }
        }));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Array.Sort(times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times[posts / 2]:0.0} {times[posts * 99 / 100]:0.0} {(long)posts * entries / seconds:0} {failed}"));
    }

    /// <summary>Rounds of posts of one entry, all at once, as n8n sends them. Prints: the median and the longest time in ms until all of a round were answered, answers other than 200.</summary>
    public static async Task BurstAsync(string url, int rounds, int posts)
    {
        using var client = ClientOf(url, posts);
        var (times, failed) = (new List<double>(), 0);
        for (var round = -2; round < rounds; round++)
        {
            var sent = Stopwatch.GetTimestamp();
            var answers = await Task.WhenAll(Enumerable.Range(0, posts).Select(i => PostAsync(client, $"burst-{round}", i, 1)));
            failed += answers.Count(a => a != HttpStatusCode.OK);
            // The first two open connections.
            if (round >= 0) times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times[rounds / 2]:0.0} {times[^1]:0.0} {failed}"));
    }

    private static HttpClient ClientOf(string url, int connections) =>
        new(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(5) };

    // Each post is another day of a store: of its entries no two have one key, up to all of its sellers; beyond that the source tells them apart.
    private static async Task<HttpStatusCode> PostAsync(HttpClient client, string name, int number, int entries)
    {
        var body = new StringBuilder();
        var store = (number % 20) + 1;
        body.Append(CultureInfo.InvariantCulture, $"{{\"store_id\":\"store-{store}\",\"source\":\"{name}\",\"date\":\"{number}\",\"kpi_entries\":[");
        for (var i = 0; i < entries; i++)
            body.Append(i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{{\"seller_id\":\"seller-{store}-{(i % Sellers) + 1}\",\"slot\":{i / Sellers},\"revenue\":{1000 + i}.5,\"sales\":{i % 40},\"visitors\":{i % 500}}}");
        using var content = new StringContent(body.Append("]}").ToString(), Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri(Path, UriKind.Relative), content);
        return answer.StatusCode;
    }
}
