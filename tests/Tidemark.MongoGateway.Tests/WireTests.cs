using Tidemark.MongoGateway.Bson;

namespace Tidemark.MongoGateway.Tests;

[Collection(MongoCollection.Name)]
public sealed class WireTests(MongoServer server)
{
    private readonly string _database = MongoServer.DatabaseOf(server.CreateDatabase());

    [MongoFact]
    public async Task Legacy_hello_is_answered_as_it_came()
    {
        using var client = await WireClient.ConnectAsync(server.Gateway.Port);
        (await client.AskLegacyAsync(new BsonWriter().Int32("isMaster", 1).Boolean("helloOk", true).Close())).Find("maxWireVersion")!.Value.Int32.ShouldBe(21);
        (await client.AskLegacyAsync(new BsonWriter().Begin(BsonType.Document, "$query").Int32("ismaster", 1).End().Close())).Find("ismaster")!.Value.Boolean.ShouldBeTrue();
    }

    [MongoFact]
    public async Task Documents_beside_the_command_are_written()
    {
        using var client = await WireClient.ConnectAsync(server.Gateway.Port);
        await client.SendAsync(Command("insert"), 0, "documents", Document(1), Document(2), Document(1));
        var answer = await client.AnswerAsync();
        answer.Find("n")!.Value.Int32.ShouldBe(2);
        var error = answer.Find("writeErrors")!.Value.Document.Elements.ShouldHaveSingleItem().Document;
        (error.Find("index")!.Value.Int32, error.Find("code")!.Value.Int32).ShouldBe((2, 11000));
    }

    [MongoFact]
    public async Task Checksum_is_no_part_of_the_command()
    {
        using var client = await WireClient.ConnectAsync(server.Gateway.Port);
        Ok(await client.AskAsync(new BsonWriter().Int32("ping", 1).Text("$db", "admin").Close(), flags: 1));
    }

    [MongoFact]
    public async Task Command_that_wants_no_answer_gets_none()
    {
        using var client = await WireClient.ConnectAsync(server.Gateway.Port);
        await client.SendAsync(Command("insert"), 2, "documents", Document(1));
        // The next answer is that to the next command, which the client checks by its number.
        (await client.AskAsync(Command("count"))).Find("n")!.Value.Int32.ShouldBe(1);
    }

    [MongoTheory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("\u0010\0\0\0\u0001\0\0\0\0\0\0\0\u0001\0\0\0")]
    [InlineData("\u001a\0\0\0\u0001\0\0\0\0\0\0\0\u0001\0\0\0..........")]
    public async Task Rubbish_costs_only_its_own_connection(string text)
    {
        using var good = await WireClient.ConnectAsync(server.Gateway.Port);
        using var bad = await WireClient.ConnectAsync(server.Gateway.Port);
        await bad.SendAsync(System.Text.Encoding.ASCII.GetBytes(text));
        await Should.ThrowAsync<EndOfStreamException>(bad.AnswerAsync);
        Ok(await good.AskAsync(new BsonWriter().Int32("ping", 1).Close()));
    }

    private static BsonDocument Document(int id) => new BsonWriter().Int32("_id", id).Close();

    private static void Ok(BsonDocument answer) => answer.Find("ok")!.Value.Value.ToArray().ShouldBe(BitConverter.GetBytes(1.0));

    private BsonDocument Command(string name)
    {
        var writer = new BsonWriter().Text(name, "c").Text("$db", _database);
        return (string.Equals(name, "insert", StringComparison.Ordinal) ? writer.Boolean("ordered", false) : writer).Close();
    }
}
