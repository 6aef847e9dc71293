using System.Globalization;
using System.Text.Json;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.Monitoring;

/// <summary>Runs in one process, watched from another.</summary>
[Trait("guarantee", "G80")]
public sealed class MonitorTests : IDisposable
{
    private const int Pages = 10;
    private const string Stream = "request: { path: /items }\nrecords: data\nprimary_key: id\nbatch: { count: 2 }\npaginator: { type: cursor, cursor_path: next }";
    private readonly Scene _scene = new();
    private readonly TaskCompletionSource _held = new();
    private int _holding;

    public void Dispose() => _scene.Dispose();

    [Fact]
    [Trait("guarantee", "G89")]
    public async Task Run_of_another_process_is_seen_with_progress_memory_and_end()
    {
        await using var server = await ScriptedServer.StartAsync(Page);
        _scene.Rest(server.Url, Stream);
        (await _scene.RunAsync()).Exits(0);
        _holding = 6;
        using var run = _scene.Start("run", "--full");
        using var monitor = _scene.Start("monitor", "--every", "100ms", "--json");

        // Five pages are read and the sixth is waited for: four or five of them are committed.
        var seen = await LookAsync(monitor, l => Stream0(l).GetProperty("read").ValueKind == JsonValueKind.Number && Stream0(l).GetProperty("read").GetInt64() >= 8);
        Stream0(seen).GetProperty("holder").GetString()!.ShouldContain($"pid {run.Id} ");
        Stream0(seen).GetProperty("mode").GetString().ShouldBe("full");
        Stream0(seen).GetProperty("expected").GetInt64().ShouldBe(2 * Pages);
        Stream0(seen).GetProperty("progress_percent").GetDouble().ShouldBeInRange(40, 50);
        seen.GetProperty("memory_bytes").GetInt64().ShouldBeInRange(10_000_000, 1_000_000_000);
        seen.GetProperty("database_bytes").GetInt64().ShouldBeGreaterThan(4096);
        seen.GetProperty("disk_free_bytes").GetInt64().ShouldBeGreaterThan(0);
        seen.GetProperty("failed_records").GetInt64().ShouldBe(0);

        // The run has told the store what it shows itself: it may be a few seconds older than what is committed.
        var told = await LookAsync(monitor, l => Stream0(l).GetProperty("finish_at").ValueKind == JsonValueKind.String);
        Stream0(told).GetProperty("left").GetInt64().ShouldBeInRange((2 * Pages) - Stream0(told).GetProperty("read").GetInt64(), 2 * Pages);
        Stream0(told).GetProperty("finish_unknown").ValueKind.ShouldBe(JsonValueKind.Null);

        _held.SetResult();
        (await run.EndAsync()).ExitCode.ShouldBe(0);
        await LookAsync(monitor, l => Stream0(l).GetProperty("holder").ValueKind == JsonValueKind.Null && Stream0(l).GetProperty("read").ValueKind == JsonValueKind.Null);
        await monitor.SignalAsync("INT");
        var end = await monitor.EndAsync();
        end.ExitCode.ShouldBe(130);
        var summary = JsonDocument.Parse(end.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;
        summary.GetProperty("type").GetString().ShouldBe("summary");
        summary.GetProperty("streams")[0].GetProperty("scans_completed").GetInt32().ShouldBe(1);
        summary.GetProperty("memory_bytes").GetProperty("peak").GetInt64().ShouldBeGreaterThan(10_000_000);
        summary.GetProperty("runs")[0].GetProperty("read").GetInt64().ShouldBe(2 * Pages);
    }

    [Fact]
    public async Task Watching_changes_nothing_and_ends_in_time_with_a_summary()
    {
        await using var server = await ScriptedServer.StartAsync(Page);
        _scene.Rest(server.Url, Stream);
        (await _scene.ToolAsync("monitor", "--duration", "100ms")).Exits(0);
        File.Exists(_scene.Database).ShouldBeFalse();
        (await _scene.RunAsync()).Exits(0);
        var before = _scene.Rows("select * from _tidemark_checkpoints");
        var outcome = (await _scene.ToolAsync("monitor", "--duration", "300ms", "--every", "100ms")).Exits(0);
        _scene.Rows("select * from _tidemark_checkpoints").ShouldBe(before);
        Outcome.Says(outcome.Output, "nothing runs", "watched for", "0 failed", "database: ");
    }

    [Fact]
    public async Task Database_that_goes_away_is_said_and_watched_on()
    {
        await using var server = await ScriptedServer.StartAsync(Page);
        _scene.Rest(server.Url, Stream);
        (await _scene.RunAsync()).Exits(0);
        using var monitor = _scene.Start("monitor", "--every", "100ms", "--json");
        await LookAsync(monitor, _ => true);
        var bytes = await File.ReadAllBytesAsync(_scene.Database);
        File.Delete(_scene.Database);
        Directory.CreateDirectory(_scene.Database);
        var problem = await LookAsync(monitor, l => l.GetProperty("problems").GetArrayLength() > 0);
        problem.GetProperty("problems")[0].GetString()!.ShouldContain("found a directory");
        problem.GetProperty("database_bytes").ValueKind.ShouldBe(JsonValueKind.Null);
        Directory.Delete(_scene.Database);
        await File.WriteAllBytesAsync(_scene.Database, bytes);
        Stream0(await LookAsync(monitor, l => l.GetProperty("problems").GetArrayLength() == 0)).GetProperty("last_success").ValueKind.ShouldBe(JsonValueKind.String);
        await monitor.SignalAsync("TERM");
        (await monitor.EndAsync()).ExitCode.ShouldBe(130);
    }

    [Fact]
    public async Task Database_that_cannot_be_read_at_first_ends_it()
    {
        _scene.Rest("http://127.0.0.1:9", Stream);
        Directory.CreateDirectory(_scene.Database);
        Outcome.Says((await _scene.ToolAsync("monitor", "--duration", "1h")).Exits(4).Error, "found a directory");
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("1ms")]
    public async Task Wrong_duration_is_refused(string text)
    {
        _scene.Rest("http://127.0.0.1:9", Stream);
        Outcome.Says((await _scene.ToolAsync("monitor", "--duration", text)).Exits(2).Error, $"found {text}", "at least 100ms");
    }

    private static JsonElement Stream0(JsonElement look) => look.GetProperty("streams").GetArrayLength() > 0 ? look.GetProperty("streams")[0] : JsonDocument.Parse("""{"read":0,"holder":0,"last_success":0}""").RootElement;

    private static async Task<JsonElement> LookAsync(Tool monitor, Func<JsonElement, bool> condition)
    {
        while (await monitor.Output.ReadLineAsync() is { } line)
        {
            var look = JsonDocument.Parse(line).RootElement;
            if (condition(look)) return look;
        }
        throw new InvalidOperationException("the monitor has ended: " + (await monitor.EndAsync()).Error);
    }

    private Reply Page(Seen seen)
    {
        var page = seen.Query("cursor") is { } cursor ? int.Parse(cursor, CultureInfo.InvariantCulture) : 1;
        var next = page < Pages ? string.Create(CultureInfo.InvariantCulture, $"\"{page + 1}\"") : "null";
        var reply = Reply.Json($$"""{"data":[{"id":{{page}}0},{"id":{{page}}1}],"next":{{next}}}""");
        return page == _holding ? reply with { Hold = _held.Task } : reply;
    }
}
