using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Tidemark.EndToEnd.Serve;

/// <summary>Clients that post numbered items to the stream 'items' and keep their own lists of what was accepted.</summary>
internal sealed class InboxClients
{
    private const int Count = 4;

    private readonly int[] _next = new int[Count];

    /// <summary>What an asynchronous post of which was accepted, and in which batch.</summary>
    public ConcurrentBag<(int Client, int Number, string Batch)> Accepted { get; } = [];

    /// <summary>Each posts one item after the other, until the server is gone or it is told to stop.</summary>
    public List<Task> Start(RunningServer server, CancellationToken stop = default) => [.. Enumerable.Range(0, Count).Select(c => PostUntilItEndsAsync(server, c, stop))];

    public static async Task<(HttpStatusCode Status, string? Batch, string? RetryAfter)> PostAsync(RunningServer server, int client, int number, bool isAsync)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/streams/items/records") { Content = new StringContent($"{{\"client\":{client},\"number\":{number}}}", Encoding.UTF8, "application/json") };
        if (isAsync) request.Headers.Add("Prefer", "respond-async");
        using var answer = await server.Client.SendAsync(request);
        return (answer.StatusCode, answer.Headers.Location?.ToString().Split('/')[^1], answer.Headers.RetryAfter?.ToString());
    }

    /// <summary>Waits until all that was accepted is delivered.</summary>
    public static async Task UntilEmptyAsync(RunningServer server)
    {
        while (JsonDocument.Parse(await server.Client.GetStringAsync("/v1/status")).RootElement.GetProperty("inbox").GetArrayLength() > 0) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
    }

    /// <summary>Starts the server again and again, kills it after some more items were accepted, and every other time takes the database away meanwhile.</summary>
    public async Task KillAsync(Func<Task<RunningServer>> start, int kills, Func<Task> stopDatabase, Func<Task> startDatabase)
    {
        var random = new Random(1);
        for (var kill = 0; kill < kills; kill++)
        {
            using var server = await start();
            if (kill % 2 == 1) await stopDatabase();
            var (known, until) = (Accepted.Count, random.Next(5, 60));
            var clients = Start(server);
            while (Accepted.Count - known < until && clients.TrueForAll(c => !c.IsCompleted)) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
            if (kill % 2 == 1) await startDatabase();
            await server.KillAsync();
            await Task.WhenAll(clients);
        }
        Accepted.Count.ShouldBeGreaterThan(kills * 4);
    }

    /// <summary>Each that was accepted is there once. One whose answer was lost in a kill may be there as well, once.</summary>
    public void AreThereOnce(IReadOnlyCollection<(int Client, int Number)> rows)
    {
        foreach (var (client, number, _) in Accepted) rows.Count(r => r == (client, number)).ShouldBe(1, $"post {number} of client {client}");
        rows.Distinct().Count().ShouldBe(rows.Count);
    }

    private async Task PostUntilItEndsAsync(RunningServer server, int client, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var (status, batch, _) = await PostAsync(server, client, ++_next[client], isAsync: true);
                if (status == HttpStatusCode.Accepted) Accepted.Add((client, _next[client], batch!));
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }
}
