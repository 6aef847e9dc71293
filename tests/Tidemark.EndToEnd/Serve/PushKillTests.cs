using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.Serve;

/// <summary>The server under load, killed and stopped: what was acknowledged is there, and is there once. The clients keep their own lists.</summary>
public sealed class PushKillTests : IDisposable
{
    private const int Clients = 8;
    private const int PerPost = 20;
    private static readonly int Kills = Environment.GetEnvironmentVariable("TIDEMARK_LONG") == "1" ? 50 : 5;

    private readonly Scene _scene = new();
    private readonly ConcurrentBag<int> _acknowledged = [];
    private int _next;

    // The table appends: nothing but the idempotency key keeps a repeat from being a second row.
    public PushKillTests() => _scene.File("tidemark.yaml", """
        name: pushed
        sources: { in: { type: push } }
        destinations: { db: { type: sqlite, path: out.db } }
        streams: { items: { write_disposition: append } }
        """);

    public void Dispose() => _scene.Dispose();

    [Fact]
    [Trait("guarantee", "G137")]
    public async Task Server_killed_under_load_has_every_acknowledged_record_once()
    {
        var random = new Random(1);
        var unanswered = new ConcurrentQueue<int>();
        for (var kill = 0; kill < Kills; kill++)
        {
            using var server = await RunningServer.StartAsync(_scene);
            var (known, until) = (_acknowledged.Count, random.Next(1, 25));
            var clients = Enumerable.Range(0, Clients).Select(_ => PostUntilItEndsAsync(server, unanswered)).ToList();
            while (_acknowledged.Count - known < until && clients.TrueForAll(c => !c.IsCompleted)) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
            await server.KillAsync();
            await Task.WhenAll(clients);
        }
        _acknowledged.Count.ShouldBeGreaterThan(Kills);
        RowsOf(_acknowledged).ShouldAllBe(r => r.Value == PerPost);

        // What nobody knows of is posted again, with its key.
        using var last = await RunningServer.StartAsync(_scene);
        while (unanswered.TryDequeue(out var number)) (await PostAsync(last, number)).ShouldBe(HttpStatusCode.OK);
        RowsOf(Enumerable.Range(1, _next)).ShouldAllBe(r => r.Value == PerPost);
        Database.Scalar(_scene.Database, "select count(*) from items").ShouldBe((long)_next * PerPost);
    }

    [Fact]
    [Trait("guarantee", "G138")]
    public async Task Server_that_is_told_to_stop_under_load_has_written_all_that_it_acknowledged_and_ends_with_0()
    {
        using var server = await RunningServer.StartAsync(_scene);
        var clients = Enumerable.Range(0, Clients).Select(_ => PostUntilItEndsAsync(server, new ConcurrentQueue<int>())).ToList();
        while (_acknowledged.Count < 20) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        await server.SignalAsync("TERM");
        await Task.WhenAll(clients);
        (await server.EndAsync()).ExitCode.ShouldBe(0);
        RowsOf(_acknowledged).ShouldAllBe(r => r.Value == PerPost);
    }

    private async Task PostUntilItEndsAsync(RunningServer server, ConcurrentQueue<int> unanswered)
    {
        while (true)
        {
            var number = unanswered.TryDequeue(out var again) ? again : Interlocked.Increment(ref _next);
            try
            {
                if (await PostAsync(server, number) == HttpStatusCode.OK) _acknowledged.Add(number);
                else unanswered.Enqueue(number);
            }
            catch (HttpRequestException)
            {
                unanswered.Enqueue(number);
                return;
            }
        }
    }

    private static async Task<HttpStatusCode> PostAsync(RunningServer server, int number)
    {
        var records = string.Concat(Enumerable.Range(0, PerPost).Select(i => $"{{\"post\":{number},\"part\":{i}}}\n"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/streams/items/records") { Content = new StringContent(records, Encoding.UTF8, "application/x-ndjson") };
        request.Headers.Add("Idempotency-Key", number.ToString(CultureInfo.InvariantCulture));
        using var answer = await server.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private Dictionary<int, long> RowsOf(IEnumerable<int> posts)
    {
        var rows = Database.Query(_scene.Database, "select post, count(*) as n, count(distinct part) as parts from items group by post").ToDictionary(r => Convert.ToInt32(r["post"], CultureInfo.InvariantCulture), r => (long)r["n"]! == (long)r["parts"]! ? (long)r["n"]! : -1);
        return posts.Distinct().ToDictionary(p => p, p => rows.GetValueOrDefault(p));
    }
}
