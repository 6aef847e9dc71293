using System.Globalization;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.EndToEnd.Support;
using Tidemark.MongoDb;
using Tidemark.Records;
using Tidemark.Scanning;

namespace Tidemark.EndToEnd.Serve;

/// <summary>Asynchronous posts that end in MongoDB while the server is killed and the database, too: what was accepted arrives once. Records are appended: nothing but the inbox keeps a repeat from being a second document.</summary>
[Collection(MongoDbCollection.Name)]
public sealed class MongoDbInboxTests(MongoServer mongo) : IDisposable
{
    private const int Kills = 4;

    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [MongoFact]
    [Trait("guarantee", "G140")]
    public async Task Server_and_database_that_are_killed_deliver_what_was_accepted_once()
    {
        var url = _scene.Environment["ITEMS_DB"] = mongo.CreateDatabase();
        _scene.File("tidemark.yaml", """
            name: pushed
            store: sqlite:.tidemark/store.db
            sources: { in: { type: push } }
            destinations: { db: { type: mongodb, url: "${ITEMS_DB}" } }
            streams: { items: { write_disposition: append } }
            """);
        var clients = new InboxClients();
        await clients.KillAsync(() => RunningServer.StartAsync(_scene), Kills, mongo.Server.KillAsync, mongo.Server.StartAsync);
        using var last = await RunningServer.StartAsync(_scene);
        await InboxClients.UntilEmptyAsync(last);
        clients.AreThereOnce(await RowsAsync(url));
        await last.SignalAsync("TERM");
        (await last.EndAsync()).ExitCode.ShouldBe(0);
    }

    private static async Task<List<(int Client, int Number)>> RowsAsync(string url)
    {
        await using var destination = new MongoDbDestination { Url = new Secret(url) }.Open(new DestinationServices { CompareCursors = CursorKinds.Compare });
        var table = await destination.ReadNewestAsync(new StreamTarget { PipelineName = "pushed", Stream = "items", Table = "items", Schema = new BatchSchema { PrimaryKey = [] } }, int.MaxValue, default);
        var (client, number) = (table.Columns.ToList().IndexOf("client"), table.Columns.ToList().IndexOf("number"));
        return [.. table.Rows.Select(r => (Convert.ToInt32(r[client], CultureInfo.InvariantCulture), Convert.ToInt32(r[number], CultureInfo.InvariantCulture)))];
    }
}
