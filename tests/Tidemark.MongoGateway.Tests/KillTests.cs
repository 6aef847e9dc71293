using Tidemark.MongoGateway.Bson;

namespace Tidemark.MongoGateway.Tests;

[Collection(MongoCollection.Name)]
public sealed class KillTests(MongoServer server)
{
    private readonly string _database = MongoServer.DatabaseOf(server.CreateDatabase());

    [MongoFact]
    public async Task Server_killed_under_load_loses_nothing_that_it_acknowledged()
    {
        var acknowledged = new int[4];
        var (slow, underLoad) = (acknowledged.Length, new TaskCompletionSource());
        var writers = Enumerable.Range(0, acknowledged.Length).Select(async writer =>
        {
            using var client = await WireClient.ConnectAsync(server.Gateway.Port);
            // Until its connection is cut.
            while (true)
            {
                await client.SendAsync(Command("insert"), 0, "documents", new BsonWriter().Int32("_id", (writer * 1_000_000) + acknowledged[writer]).Close());
                (await client.AnswerAsync()).Find("n")!.Value.Int32.ShouldBe(1);
                if (++acknowledged[writer] == 20 && Interlocked.Decrement(ref slow) == 0) underLoad.SetResult();
            }
        }).ToList();
        await await Task.WhenAny([underLoad.Task, .. writers]);

        await server.Server.KillAsync();
        foreach (var writer in writers) await Should.ThrowAsync<EndOfStreamException>(writer);
        using (var client = await WireClient.ConnectAsync(server.Gateway.Port))
        {
            // As if nobody listened: a client must not take the gateway for a server.
            await Should.ThrowAsync<EndOfStreamException>(client.AskLegacyAsync(new BsonWriter().Int32("isMaster", 1).Close()));
        }
        await server.Server.StartAsync();

        using var after = await WireClient.ConnectAsync(server.Gateway.Port);
        var there = (await after.AskAsync(Command("count"))).Find("n")!.Value.Int32;
        // One a writer may have been written without an answer.
        there.ShouldBeInRange(acknowledged.Sum(), acknowledged.Sum() + acknowledged.Length);
    }

    [MongoFact]
    public async Task Gateway_killed_comes_back_on_its_port_and_counts_anew()
    {
        using var before = await WireClient.ConnectAsync(server.Gateway.Port);
        await before.AskAsync(Command("count"));
        var port = server.Gateway.Port;
        await server.Gateway.KillAsync();
        await Should.ThrowAsync<EndOfStreamException>(before.AskAsync(Command("count")));
        await server.Gateway.StartAsync();
        server.Gateway.Port.ShouldBe(port);
        (await server.Gateway.CountsAsync()).ShouldBeEmpty();
    }

    private BsonDocument Command(string name) => new BsonWriter().Text(name, "c").Text("$db", _database).Close();
}
