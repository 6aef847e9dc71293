using System.Text;
using Tidemark.Http.Requests;
using Tidemark.Http.Tests.Support;

namespace Tidemark.Http.Tests.Requests;

public sealed class MissingRecordsTests
{
    [Theory]
    [InlineData("data.allClient.edges", """{"data":{"allClients":{},"allPianos":{}}}""", "'data' has the keys allClients, allPianos; did you mean 'allClients'?")]
    [InlineData("items", """{"Items":[]}""", "the answer has the key Items; did you mean 'Items'?")]
    [InlineData("data.items[*].node", """{"data":null}""", "'data' is null")]
    [InlineData("data.items", """{"data":[1]}""", "'data' is a list; write [*] for each of its items")]
    [InlineData("data.items", """{"data":"soon"}""", "'data' is \"soon\"")]
    [InlineData("a.b[0].c", """{"a":{"b":[{"zebra":1}]}}""", "'a.b[0]' has the key zebra")]
    [InlineData("['a.b'].c", """{"a.b":{"d":1}}""", "'['a.b']' has the key d; did you mean 'd'?")]
    [InlineData("data[*].node", """{"data":{"id":1}}""", "'data' has the key id, but it is no list")]
    [InlineData("a", "[]", "the answer is a list; write [*] for each of its items")]
    [InlineData("a", "{}", "the answer is an empty object")]
    public void Explanation_walks_down_to_where_path_and_answer_part(string path, string body, string expected) =>
        MissingRecords.Explain(path, Encoding.UTF8.GetBytes(body)).ShouldBe($"records path '{path}' matches nothing: {expected}");

    [Fact]
    public async Task Records_that_are_not_there_fail_without_another_call()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""{"data":{"allClients":{}}}"""));
        await using var fixture = new Fixture();

        (await fixture.FailureAsync(new RestSource { Url = server.Address }, new RestRequest { Records = "data.allClient" })).ShouldContain("did you mean 'allClients'?");

        server.Requests.Count.ShouldBe(1);
    }
}
