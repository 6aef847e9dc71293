using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.Serve;

/// <summary>Asynchronous posts while the server is killed and the database stops and starts: what was accepted arrives, once and in order. The clients keep their own lists.</summary>
public sealed class InboxKillTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private const int Clients = 4;
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("TIDEMARK_LONG") == "1";
    private static readonly int Kills = IsLong ? 50 : 5;

    private readonly Scene _scene = new();
    private readonly ConcurrentBag<(int Client, int Number, string Batch)> _accepted = [];

    public void Dispose() => _scene.Dispose();

    [Fact]
    [Trait("guarantee", "G140")]
    public async Task Server_killed_while_the_database_comes_and_goes_delivers_what_it_accepted_once_and_in_order()
    {
        await ConfigureAsync();
        var random = new Random(1);
        var next = new int[Clients];
        for (var kill = 0; kill < Kills; kill++)
        {
            using var server = await RunningServer.StartAsync(_scene);
            if (kill % 2 == 1) await postgres.StopAsync("immediate");
            var (known, until) = (_accepted.Count, random.Next(5, 60));
            var clients = Enumerable.Range(0, Clients).Select(c => PostUntilItEndsAsync(server, c, next)).ToList();
            while (_accepted.Count - known < until && clients.TrueForAll(c => !c.IsCompleted)) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
            if (kill % 2 == 1) await postgres.StartAsync();
            await server.KillAsync();
            await Task.WhenAll(clients);
        }
        using var last = await RunningServer.StartAsync(_scene);
        await UntilEmptyAsync(last);
        var rows = await RowsAsync();
        _accepted.Count.ShouldBeGreaterThan(Kills * 4);
        // Each that was accepted is there once. One whose answer was lost in the kill may be there as well, once.
        foreach (var (client, number, _) in _accepted) rows.Count(r => r == (client, number)).ShouldBe(1, $"post {number} of client {client}");
        rows.Distinct().Count().ShouldBe(rows.Count);
        foreach (var client in rows.GroupBy(r => r.Client)) client.Select(r => r.Number).ShouldBe(client.Select(r => r.Number).Order());
        foreach (var (_, _, batch) in _accepted.Take(20))
        {
            var told = JsonDocument.Parse(await last.Client.GetStringAsync("/v1/batches/" + batch)).RootElement;
            (told.GetProperty("state").GetString(), told.GetProperty("answer").GetProperty("inserted").GetInt64()).ShouldBe(("done", 1), told.GetRawText());
        }
    }

    [Fact]
    public async Task Database_away_under_load_refuses_synchronous_posts_takes_asynchronous_ones_and_loses_nothing()
    {
        await ConfigureAsync();
        using var server = await RunningServer.StartAsync(_scene);
        (await PostAsync(server, 9, 0, isAsync: false)).Status.ShouldBe(HttpStatusCode.OK);
        await postgres.StopAsync("immediate");
        using var stop = new CancellationTokenSource();
        var next = new int[Clients];
        var clients = Enumerable.Range(0, Clients).Select(c => PostUntilItEndsAsync(server, c, next, stop.Token)).ToList();
        while (_accepted.Count < 50) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        var refused = await PostAsync(server, 9, 1, isAsync: false);
        (refused.Status, refused.RetryAfter).ShouldBe((HttpStatusCode.ServiceUnavailable, "5"));
        if (IsLong) await Task.Delay(TimeSpan.FromSeconds(60), TimeProvider.System);
        Outcome.Says((await _scene.ToolAsync("status")).Output, "items: ", "asynchronous posts wait in the inbox");
        await postgres.StartAsync();
        await stop.CancelAsync();
        await Task.WhenAll(clients);
        await UntilEmptyAsync(server);
        (await PostAsync(server, 9, 2, isAsync: false)).Status.ShouldBe(HttpStatusCode.OK);
        var rows = await RowsAsync();
        rows.Count.ShouldBe(_accepted.Count + 2);
        _accepted.Select(a => (a.Client, a.Number)).Except(rows).ShouldBeEmpty();
        await server.SignalAsync("TERM");
        (await server.EndAsync()).ExitCode.ShouldBe(0);
    }

    private async Task ConfigureAsync()
    {
        _scene.Environment["ITEMS_DB"] = await postgres.CreateDatabaseAsync();
        // The store is a file: it must not go away with the database. The table appends: nothing but the inbox keeps a repeat from being a second row.
        _scene.File("tidemark.yaml", """
            name: pushed
            store: sqlite:.tidemark/store.db
            sources: { in: { type: push } }
            destinations: { db: { type: postgresql, url: "${ITEMS_DB}" } }
            streams: { items: { write_disposition: append } }
            """);
    }

    private async Task PostUntilItEndsAsync(RunningServer server, int client, int[] next, CancellationToken stop = default)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var (status, batch, _) = await PostAsync(server, client, ++next[client], isAsync: true);
                if (status == HttpStatusCode.Accepted) _accepted.Add((client, next[client], batch!));
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private static async Task<(HttpStatusCode Status, string? Batch, string? RetryAfter)> PostAsync(RunningServer server, int client, int number, bool isAsync)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/streams/items/records") { Content = new StringContent($"{{\"client\":{client},\"number\":{number}}}", Encoding.UTF8, "application/json") };
        if (isAsync) request.Headers.Add("Prefer", "respond-async");
        using var answer = await server.Client.SendAsync(request);
        return (answer.StatusCode, answer.Headers.Location?.ToString().Split('/')[^1], answer.Headers.RetryAfter?.ToString());
    }

    private static async Task UntilEmptyAsync(RunningServer server)
    {
        while (JsonDocument.Parse(await server.Client.GetStringAsync("/v1/status")).RootElement.GetProperty("inbox").GetArrayLength() > 0) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
    }

    // In the order in which they were inserted: one transaction after the other, so by the transaction that made them.
    private async Task<List<(int Client, int Number)>> RowsAsync() =>
        [.. (await postgres.SqlAsync(PostgresServer.DatabaseOf(_scene.Environment["ITEMS_DB"]), "select client, number from items order by xmin::text::bigint, ctid")).Split('\n')
            .Select(r => r.Split('|').Select(v => int.Parse(v, CultureInfo.InvariantCulture)).ToArray()).Select(r => (r[0], r[1]))];
}
