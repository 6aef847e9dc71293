using System.Net;
using System.Text;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.Serve;

/// <summary>Asynchronous posts when the disk of the inbox is full.</summary>
public sealed class InboxDiskTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [MountFact]
    [Trait("guarantee", "G140")]
    public async Task Full_disk_refuses_posts_keeps_nothing_of_them_and_takes_them_again_when_there_is_room()
    {
        // The store lies elsewhere: it is the inbox alone that has no room.
        _scene.File("tidemark.yaml", """
            name: pushed
            store: sqlite:state.db
            sources: { in: { type: push } }
            destinations: { db: { type: sqlite, path: out.db } }
            streams: { items: { write_disposition: append } }
            """);
        await using var disk = await SmallDisk.MountAsync(_scene[".tidemark"], "4m");
        using var server = await RunningServer.StartAsync(_scene);
        (await PostAsync(server, 1)).ShouldBe(HttpStatusCode.Accepted);
        disk.Fill();
        for (var number = 2; number < 6; number++) (await PostAsync(server, number)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        disk.Free();
        (await PostAsync(server, 6)).ShouldBe(HttpStatusCode.Accepted);
        await server.SignalAsync("TERM");
        (await server.EndAsync()).ExitCode.ShouldBe(0);

        using var again = await RunningServer.StartAsync(_scene);
        while (_scene.RowCount() < 2) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        _scene.Rows("select number from items order by number").ShouldBe("1|6");
        await again.SignalAsync("TERM");
        (await again.EndAsync()).ExitCode.ShouldBe(0);
    }

    private static async Task<HttpStatusCode> PostAsync(RunningServer server, int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/streams/items/records")
        {
            Content = new StringContent($"{{\"number\":{number},\"text\":\"{new string('x', 500_000)}\"}}", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Prefer", "respond-async");
        using var answer = await server.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
