using System.Globalization;
using System.Text.Json;
using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd.Telemetry;

/// <summary>Metrics in files, as processes leave them.</summary>
[Trait("guarantee", "G78")]
public sealed class MetricFileTests : IDisposable
{
    private const string Cursor = "request: { path: /items }\nrecords: data\nprimary_key: id\nbatch: { count: 2 }\npaginator: { type: cursor, cursor_path: next }";
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Metrics_of_a_run_are_those_of_its_report()
    {
        await using var simulator = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        await Scene.FaultAsync(simulator, "kind=500&count=2");
        Configure(Scene.Url(simulator), "request: { path: /communes/cursor, params: { limit: 5000 } }\nrecords: communes\nprimary_key: code\npaginator: { type: cursor, cursor_path: next_cursor }",
            "telemetry: { metrics: { every: 100ms } }");
        var outcome = (await _scene.RunAsync()).Exits(0);

        Sum("tidemark.records.read").ShouldBe(outcome.Count("read"));
        Sum("tidemark.records.written").ShouldBe(outcome.Count("written"));
        Sum("tidemark.requests").ShouldBe(outcome.Count("requests"));
        Sum("tidemark.requests", "5xx").ShouldBe(2);
        Sum("tidemark.request.duration", value: "count").ShouldBe(outcome.Count("requests"));
        Sum("tidemark.batch.size").ShouldBe(outcome.Count("read"));
        Sum("tidemark.batch.duration", value: "count").ShouldBe(outcome.Count("batches"));
        Points().Select(p => p.GetProperty("labels").GetProperty("stream").GetString()).Distinct(StringComparer.Ordinal).ShouldBe(["items"]);
    }

    [Fact]
    public async Task Files_and_their_points_stay_within_their_bounds()
    {
        await using var server = await ScriptedServer.StartAsync(seen => Page(seen, last: 3));
        Configure(server.Url, Cursor, "telemetry: { metrics: { path: points, points_per_file: 4, files: 3 } }");
        for (var i = 0; i < 3; i++) (await _scene.RunAsync("--full")).Exits(0);

        var files = Directory.GetFiles(_scene["points"]).Order(StringComparer.Ordinal).ToList();
        files.Count.ShouldBe(3);
        foreach (var file in files) (await File.ReadAllLinesAsync(file)).Length.ShouldBeInRange(1, 4);
        // The newest are kept: each of the runs began a file.
        files[0].ShouldNotEndWith("metrics-00000001.jsonl");
    }

    [Fact]
    public async Task Signal_leaves_all_that_was_measured()
    {
        var (asked, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ScriptedServer.StartAsync(seen => Page(seen, last: 9, holding: 4, asked, held));
        // An hour: what is written is written at the end.
        Configure(server.Url, Cursor, "telemetry: { metrics: { every: 1h } }");
        using var tool = _scene.Start("run", "--json");
        await asked.Task;
        await tool.SignalAsync("TERM");
        var outcome = new Outcome(await tool.EndAsync()).Exits(130);
        held.SetResult();

        Sum("tidemark.records.read").ShouldBe(outcome.Count("read"));
        Sum("tidemark.requests").ShouldBe(4);
        Sum("tidemark.requests", "error").ShouldBe(1);
    }

    [Fact]
    public async Task Kill_leaves_whole_lines_and_the_next_run_begins_a_file()
    {
        var (asked, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ScriptedServer.StartAsync(seen => Page(seen, last: 9, holding: 4, asked, held));
        Configure(server.Url, Cursor, "telemetry: { metrics: { every: 100ms } }");
        using var tool = _scene.Start("run");
        await asked.Task;
        while (!Directory.Exists(MetricsDirectory) || Directory.GetFiles(MetricsDirectory).Length == 0 || new FileInfo(Directory.GetFiles(MetricsDirectory)[0]).Length == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        await tool.KillAsync();
        held.SetResult();
        var before = await File.ReadAllBytesAsync(Directory.GetFiles(MetricsDirectory).Single());

        (await _scene.RunAsync()).Exits(0);
        (await File.ReadAllBytesAsync(_scene[".tidemark/metrics/metrics-00000001.jsonl"])).ShouldBe(before);
        File.Exists(_scene[".tidemark/metrics/metrics-00000002.jsonl"]).ShouldBeTrue();
        Points().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Directory_that_cannot_be_made_is_named_before_anything_starts()
    {
        await using var server = await ScriptedServer.StartAsync(seen => Page(seen, last: 1));
        _scene.File("points", "a file");
        Configure(server.Url, Cursor, "telemetry: { metrics: { path: points } }");
        Outcome.Says((await _scene.ToolAsync("run")).Exits(2).Error, "the directory", "points", "telemetry.metrics", "can't be used");
        server.Requests.ShouldBeEmpty();
    }

    private void Configure(string url, string stream, string telemetry) =>
        _scene.Configure(url, $"  items:\n{string.Join('\n', stream.Split('\n').Select(l => "    " + l))}", top: telemetry);

    private string MetricsDirectory => _scene[".tidemark/metrics"];

    private double Sum(string name, string? status = null, string value = "")
    {
        var points = Points().Where(p => p.GetProperty("name").GetString() == name);
        if (status is not null) points = points.Where(p => p.GetProperty("labels").GetProperty("status").GetString() == status);
        return points.Sum(p => p.GetProperty(value.Length > 0 ? value : p.TryGetProperty("sum", out _) ? "sum" : "value").GetDouble());
    }

    private List<JsonElement> Points() => [.. Directory.GetFiles(MetricsDirectory).Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines).Select(l => JsonDocument.Parse(l).RootElement)];

    private static Reply Page(Seen seen, int last, int holding = 0, TaskCompletionSource? asked = null, TaskCompletionSource? held = null)
    {
        var page = seen.Query("cursor") is { } cursor ? int.Parse(cursor, CultureInfo.InvariantCulture) : 1;
        var next = page < last ? string.Create(CultureInfo.InvariantCulture, $"\"{page + 1}\"") : "null";
        var reply = Reply.Json($$"""{"data":[{"id":{{page}}0},{"id":{{page}}1}],"next":{{next}}}""");
        if (page != holding) return reply;
        asked!.TrySetResult();
        return reply with { Hold = held!.Task };
    }
}
