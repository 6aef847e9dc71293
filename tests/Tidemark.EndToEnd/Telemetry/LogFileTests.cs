using System.Text.Json;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.Telemetry;

/// <summary>Logs in files, as processes leave them.</summary>
[Trait("guarantee", "G79")]
public sealed class LogFileTests : IDisposable
{
    private const string Secret = "s3cr3t-of-the-api";
    private const string Items = "request: { path: /items }\nrecords: data\nprimary_key: id";
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Each_call_has_a_line_and_each_stream_its_end()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Of(503), Reply.Json("""{"data":[{"id":1}]}"""));
        Configure(server.Url, Items, "logs: {}");
        (await _scene.RunAsync()).Exits(0);

        var calls = Lines("access");
        calls.Select(c => c.GetProperty("status").GetInt32()).ShouldBe([503, 200]);
        calls[1].GetProperty("method").GetString().ShouldBe("GET");
        calls[1].GetProperty("url").GetString().ShouldBe($"{server.Url}/items");
        calls[1].GetProperty("bytes").GetInt64().ShouldBe(19);
        calls[1].GetProperty("stream").GetString().ShouldBe("items");
        var application = Lines("application");
        application.ShouldContain(l => l.GetProperty("message").GetString()!.Contains("answered 503", StringComparison.Ordinal));
        var end = application.Single(l => l.TryGetProperty("read", out _));
        (end.GetProperty("status").GetString(), end.GetProperty("requests").GetInt64(), end.GetProperty("written").GetInt64()).ShouldBe(("succeeded", 2, 1));
        Lines("metrics").ShouldContain(l => l.GetProperty("name").GetString() == "tidemark.records.read");
    }

    [Fact]
    public async Task Call_without_an_answer_has_its_reason()
    {
        await using var server = await ScriptedServer.StartAsync(_ => Reply.Json("""{"data":[]}""") with { CutAfter = 3 });
        Configure(server.Url, Items, "logs: { kinds: access }");
        (await _scene.RunAsync()).Exits(3);
        Lines("access").Count.ShouldBe(4);
        Lines("access")[0].GetProperty("error").GetString().ShouldNotBeNullOrEmpty();
        File.Exists(LogPath("application.jsonl")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("authenticator: { type: api_key, query: appid, value: " + Secret + " }")]
    [InlineData("authenticator: { type: api_key, header: x-access, value: " + Secret + " }")]
    [InlineData("authenticator: { type: bearer, token: " + Secret + " }")]
    [InlineData("authenticator: { type: basic, username: me, password: " + Secret + " }")]
    [InlineData("headers: { x-session: " + Secret + " }")]
    [InlineData("")]
    public async Task Secrets_reach_no_file_even_if_the_server_repeats_them(string source)
    {
        // Refused once with the secret in the answer, sent elsewhere with the secret in the address, then refused for good.
        var number = 0;
        await using var server = await ScriptedServer.StartAsync(_ => number++ switch
        {
            0 => Reply.Of(500, $$"""{"error":"key {{Secret}} is slow today"}"""),
            1 => Reply.Of(302, "{}", ("Location", $"/moved/{Secret}?api_key={Secret}&page=1")),
            _ => Reply.Of(403, $$"""{"error":"key {{Secret}} is not allowed"}"""),
        });
        var url = source.Length == 0 ? server.Url.Replace("://", $"://me:{Secret}@", StringComparison.Ordinal) : server.Url;
        // Where the source has one of its own, nothing else tells what is secret.
        var param = source.Length == 0 ? $"token: {Secret}, " : "";
        Configure(url, $"request: {{ path: /items, params: {{ {param}page: 1 }} }}\nrecords: data\nprimary_key: id", "logs: { level: trace }", source);
        var outcome = (await _scene.ToolAsync("run", "--log-level", "trace")).Exits(3);

        Lines("access").Select(c => c.GetProperty("status").GetInt32()).ShouldBe([500, 302, 403]);
        foreach (var text in Directory.GetFiles(LogPath("")).Select(File.ReadAllText).Append(outcome.Error).Append(outcome.Output))
        {
            text.ShouldNotContain(Secret);
            text.ShouldNotContain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("me:" + Secret)));
        }
        (await File.ReadAllTextAsync(LogPath("access.jsonl"))).ShouldContain("page=1");
    }

    [Fact]
    public async Task Files_stay_within_their_number_and_size()
    {
        await using var server = await ScriptedServer.StartAsync(_ => Reply.Json("""{"data":[{"id":1}]}"""));
        Configure(server.Url, string.Concat(Items, "\n"), "logs: { file_size: 2KiB, files: 3, kinds: [access, application] }");
        for (var i = 0; i < 3; i++)
        {
            await File.AppendAllLinesAsync(LogFile(), Enumerable.Repeat("""{"filler":"0123456789012345678901234567890123456789"}""", 40));
            (await _scene.RunAsync("--full")).Exits(0);
        }
        var files = Directory.GetFiles(LogPath(""), "access*.jsonl");
        files.Length.ShouldBe(3);
        Path.GetFileName(files.Order(StringComparer.Ordinal).Last()).ShouldBe("access_003.jsonl");
    }

    [Fact]
    public async Task Processes_at_the_same_time_write_files_of_their_own_and_a_torn_line_stays_alone()
    {
        var (asked, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ScriptedServer.StartAsync(_ =>
        {
            asked.TrySetResult();
            return Reply.Json("""{"data":[{"id":1}]}""") with { Hold = held.Task };
        });
        Configure(server.Url, Items + "\nrefresh: full", "logs: {}");
        using (var first = _scene.Start("run"))
        {
            await asked.Task;
            (await _scene.ToolAsync("failed", "retry", "--all")).Exits(0);
            File.Exists(LogPath("process-2.lock")).ShouldBeTrue();
            held.SetResult();
            (await first.EndAsync()).ExitCode.ShouldBe(0);
        }
        await File.AppendAllTextAsync(LogPath("access.jsonl"), "{\"time\":\"20");
        (await _scene.RunAsync()).Exits(0);
        var lines = await File.ReadAllLinesAsync(LogPath("access.jsonl"));
        lines.Length.ShouldBe(3);
        lines[1].ShouldBe("{\"time\":\"20");
        JsonDocument.Parse(lines[2]).RootElement.GetProperty("status").GetInt32().ShouldBe(200);
    }

    private void Configure(string url, string stream, string logs, string source = "") =>
        _scene.Configure(url, $"  items:\n{string.Join('\n', stream.Split('\n').Select(l => "    " + l))}", source, $"telemetry: {{ {logs} }}");

    private string LogPath(string name) => _scene[$".tidemark/logs/{name}"];

    // The newest file of the access log.
    private string LogFile()
    {
        Directory.CreateDirectory(LogPath(""));
        return Directory.GetFiles(LogPath(""), "access*.jsonl").Order(StringComparer.Ordinal).LastOrDefault() ?? LogPath("access.jsonl");
    }

    private List<JsonElement> Lines(string kind) => [.. File.ReadAllLines(LogPath(kind + ".jsonl")).Select(l => JsonDocument.Parse(l).RootElement)];
}
