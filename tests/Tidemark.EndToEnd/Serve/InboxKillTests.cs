using System.Globalization;
using System.Net;
using System.Text.Json;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.Serve;

/// <summary>Asynchronous posts while the server is killed and the database stops and starts: what was accepted arrives, once and in order.</summary>
public sealed class InboxKillTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("TIDEMARK_LONG") == "1";
    private static readonly int Kills = IsLong ? 50 : 5;

    private readonly Scene _scene = new();
    private readonly InboxClients _clients = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    [Trait("guarantee", "G140")]
    public async Task Server_killed_while_the_database_comes_and_goes_delivers_what_it_accepted_once_and_in_order()
    {
        await ConfigureAsync();
        await _clients.KillAsync(() => RunningServer.StartAsync(_scene), Kills, () => postgres.StopAsync("immediate"), () => postgres.StartAsync());
        using var last = await RunningServer.StartAsync(_scene);
        await InboxClients.UntilEmptyAsync(last);
        var rows = await RowsAsync();
        _clients.AreThereOnce(rows);
        foreach (var client in rows.GroupBy(r => r.Client)) client.Select(r => r.Number).ShouldBe(client.Select(r => r.Number).Order());
        foreach (var (_, _, batch) in _clients.Accepted.Take(20))
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
        (await InboxClients.PostAsync(server, 9, 0, isAsync: false)).Status.ShouldBe(HttpStatusCode.OK);
        await postgres.StopAsync("immediate");
        using var stop = new CancellationTokenSource();
        var clients = _clients.Start(server, stop.Token);
        while (_clients.Accepted.Count < 50) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        var refused = await InboxClients.PostAsync(server, 9, 1, isAsync: false);
        (refused.Status, refused.RetryAfter).ShouldBe((HttpStatusCode.ServiceUnavailable, "5"));
        if (IsLong) await Task.Delay(TimeSpan.FromSeconds(60), TimeProvider.System);
        Outcome.Says((await _scene.ToolAsync("status")).Output, "items: ", "asynchronous posts wait in the inbox");
        await postgres.StartAsync();
        await stop.CancelAsync();
        await Task.WhenAll(clients);
        await InboxClients.UntilEmptyAsync(server);
        (await InboxClients.PostAsync(server, 9, 2, isAsync: false)).Status.ShouldBe(HttpStatusCode.OK);
        var rows = await RowsAsync();
        rows.Count.ShouldBe(_clients.Accepted.Count + 2);
        _clients.Accepted.Select(a => (a.Client, a.Number)).Except(rows).ShouldBeEmpty();
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

    // In the order in which they were inserted: one transaction after the other, so by the transaction that made them.
    private async Task<List<(int Client, int Number)>> RowsAsync() =>
        [.. (await postgres.SqlAsync(PostgresServer.DatabaseOf(_scene.Environment["ITEMS_DB"]), "select client, number from items order by xmin::text::bigint, ctid")).Split('\n')
            .Select(r => r.Split('|').Select(v => int.Parse(v, CultureInfo.InvariantCulture)).ToArray()).Select(r => (r[0], r[1]))];
}
