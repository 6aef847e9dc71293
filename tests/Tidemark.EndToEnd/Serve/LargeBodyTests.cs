using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.Serve;

/// <summary>A body that is larger than the memory it may take: 50 MB, or 500 MB with TIDEMARK_LONG=1.</summary>
public sealed class LargeBodyTests : IDisposable
{
    private const int RecordSize = 500;
    private const long MemoryBound = 250_000_000;
    private static readonly long Size = Environment.GetEnvironmentVariable("TIDEMARK_LONG") == "1" ? 500_000_000 : 50_000_000;

    private readonly Scene _scene = new();

    public LargeBodyTests() => _scene.File("tidemark.yaml", """
        name: large
        sources: { in: { type: push } }
        destinations: { db: { type: sqlite, path: out.db } }
        streams: { items: { source: in, primary_key: id } }
        """);

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("guarantee", "G144")]
    public async Task Body_of_lines_is_taken_in_memory_that_does_not_depend_on_its_size(bool isAsync)
    {
        using var server = await RunningServer.StartAsync(_scene);
        server.Client.Timeout = Timeout.InfiniteTimeSpan;
        var count = Size / RecordSize;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/streams/items/records") { Content = new LinesContent(count) };
        if (isAsync) request.Headers.Add("Prefer", "respond-async");
        using var answer = await server.Client.SendAsync(request);
        var told = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        (answer.StatusCode, told.GetProperty("received").GetInt64()).ShouldBe((isAsync ? HttpStatusCode.Accepted : HttpStatusCode.OK, count));
        while (JsonDocument.Parse(await server.Client.GetStringAsync("/v1/status")).RootElement.GetProperty("inbox").GetArrayLength() > 0) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        _scene.RowCount("items").ShouldBe(count);
        var peak = PeakMemory(server.ProcessId);
        Console.WriteLine($"{Size / 1_000_000} MB, {(isAsync ? "asynchronous" : "synchronous")}: peak working set {peak / 1_000_000} MB");
        peak.ShouldBeLessThan(MemoryBound);
    }

    private static long PeakMemory(int process) =>
        1024 * long.Parse(File.ReadLines($"/proc/{process}/status").Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    /// <summary>Lines that are made while they are sent.</summary>
    private sealed class LinesContent : HttpContent
    {
        private static readonly string Padding = new('x', 400);
        private readonly long _count;

        public LinesContent(long count)
        {
            _count = count;
            Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var lines = new StringBuilder();
            for (var i = 0L; i < _count; i++)
            {
                var line = $"{{\"id\":{i},\"text\":\"{Padding}\",\"rest\":\"";
                lines.Append(line).Append('y', RecordSize - line.Length - 3).Append("\"}\n");
                if (lines.Length < 1 << 20 && i < _count - 1) continue;
                await stream.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()));
                lines.Clear();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _count * RecordSize;
            return true;
        }
    }
}
