using System.Text.Json;
using Tidemark.EndToEnd.Support;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>Each command once where all is well, and once where it is not.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Init_writes_what_runs_and_never_overwrites()
    {
        var init = (await _scene.ToolAsync("init")).Exits(0);
        Outcome.Says(init.Error, "wrote", "tidemark.yaml", "next: tidemark run");
        (await _scene.ToolAsync("validate")).Exits(0);
        (await _scene.ToolAsync("run")).Exits(0);
        Outcome.Says((await _scene.ToolAsync("show", "people")).Exits(0).Output, "京都", "3 of 3 rows");

        _scene.File("tidemark.yaml", "mine");
        var again = (await _scene.ToolAsync("init")).Exits(2);
        Outcome.Says(again.Error, "is there already; nothing was written", "another --dir");
        File.ReadAllText(_scene["tidemark.yaml"]).ShouldBe("mine");

        (await _scene.ToolAsync("init", "crm", "--dir", "mirror")).Exits(0);
        Outcome.Says((await _scene.ToolAsync("validate", "-c", "mirror/tidemark.yaml")).Exits(2).Error, "CRM_URL");
        _scene.File("file", "");
        Outcome.Says((await _scene.ToolAsync("init", "--dir", "file")).Exits(2).Error, "file");
    }

    [Fact]
    public async Task Validate_is_offline_and_tells_every_place()
    {
        _scene.Rest("http://no-such-host.invalid", "request: { path: /items }\nprimary_key: id");
        Outcome.Says((await _scene.ToolAsync("validate")).Exits(0).Output, "valid, 1 stream");
        (await _scene.ToolAsync("validate", "--json")).Exits(0).Report.GetProperty("valid").GetBoolean().ShouldBeTrue();
        _scene.File("tidemark.yaml", "name: [\n");
        Outcome.Says((await _scene.ToolAsync("validate")).Exits(2).Error, "tidemark.yaml:");
        var problem = (await _scene.ToolAsync("validate", "--json")).Exits(2).Report.GetProperty("problems")[0];
        problem.GetProperty("line").GetInt32().ShouldBeGreaterThan(0);
        File.WriteAllBytes(_scene["tidemark.yaml"], [.. "name: x\nb: "u8, 0xFF, (byte)'\n']);
        Outcome.Says((await _scene.ToolAsync("validate")).Exits(2).Error, "tidemark.yaml:2:4", "UTF-8");
        _scene.File("tidemark.yaml", "");
        Outcome.Says((await _scene.ToolAsync("validate")).Exits(2).Error, "tidemark.yaml");
    }

    [Fact]
    public async Task Check_reads_a_page_a_stream_writes_nothing_and_names_what_is_wrong()
    {
        await using var server = await ScriptedServer.StartAsync(seen => seen.Path == "/bad" ? Reply.Of(403) : Reply.Json("""[{"id":1}]"""));
        _scene.Configure(server.Url, "  items: { request: { path: /items }, primary_key: id }");
        Outcome.Says((await _scene.ToolAsync("check")).Exits(0).Output, "items: ok, 1 record on the first page");
        File.Exists(_scene.Database).ShouldBeFalse();

        _scene.Configure(server.Url, "  bad: { request: { path: /bad }, primary_key: id }\n  items: { request: { path: /items }, primary_key: id }");
        var outcome = (await _scene.ToolAsync("check")).Exits(3);
        Outcome.Says(outcome.Output, "bad: GET", "403", "items: ok");
        (await _scene.ToolAsync("check", "--json")).Exits(3).Report.GetProperty("ok").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Dry_run_shows_columns_and_records_and_writes_nothing()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""[{"id":1,"n":2.5,"t":"x"},{"n":3}]"""));
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id");
        var outcome = (await _scene.ToolAsync("run", "--dry-run")).Exits(0);
        Outcome.Says(outcome.Output, "n: double", "t: text", "\"n\":2.5", "refused:", "no value in 'id'", "nothing was written");
        Directory.EnumerateFileSystemEntries(_scene.Path).Select(Path.GetFileName).ShouldBe(["tidemark.yaml"]);
        (await _scene.ToolAsync("run", "--dry-run", "--json")).Exits(0).Report.GetProperty("streams").GetArrayLength().ShouldBe(1);
        server.Answer = _ => Reply.Of(500);
        Outcome.Says((await _scene.ToolAsync("run", "--dry-run")).Exits(3).Output, "500", "nothing was written");
    }

    [Fact]
    public async Task Show_needs_a_run_first_and_knows_its_table()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""[{"id":1,"v":"a"}]"""));
        _scene.Configure(server.Url, "  items: { request: { path: /items }, primary_key: id }\n  later: { request: { path: /items }, primary_key: id }");
        Outcome.Says((await _scene.ToolAsync("show", "items")).Exits(4).Error, "does not exist yet: run the stream first");
        (await _scene.RunAsync("items")).Exits(0);
        Outcome.Says((await _scene.ToolAsync("show", "items")).Exits(0).Output, "1 of 1 row of items");
        Outcome.Says((await _scene.ToolAsync("show", "later")).Exits(4).Error, "'later'", "run");
        Outcome.Says((await _scene.ToolAsync("show", "items", "--limit", "x")).Exits(2).Error, "--limit");
    }

    [Fact]
    public async Task Reset_asks_first_and_moves_the_watermark_only()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""[{"id":1,"at":"2026-01-01"},{"id":2,"at":"2026-01-02"}]"""));
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id\nincremental: { cursor_field: at }");
        (await _scene.RunAsync()).Exits(0);
        Outcome.Says((await _scene.ToolAsync("reset", "items")).Exits(2).Error, "2026-01-02", "becomes watermark none", "say --yes");
        (await _scene.RunAsync()).Exits(0).Count("skipped").ShouldBe(1);
        Outcome.Says((await _scene.ToolAsync("reset", "items", "--to", "yesterday", "--yes")).Exits(2).Error, "'yesterday'", "expected");

        Outcome.Says((await _scene.ToolAsync("reset", "items", "--yes")).Exits(0).Error, "done");
        _scene.RowCount().ShouldBe(2);
        (await _scene.RunAsync()).Exits(0).Count("unchanged").ShouldBe(2);
    }

    [Fact]
    public async Task Failed_show_wants_an_id_that_is_one()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]"));
        _scene.Rest(server.Url, "request: { path: /items }\nprimary_key: id");
        Outcome.Says((await _scene.ToolAsync("failed", "list")).Exits(0).Output, "none");
        (await _scene.RunAsync()).Exits(1);
        (await _scene.ToolAsync("failed", "list", "items", "--limit", "3", "--json")).Exits(0).Report.GetArrayLength().ShouldBe(3);
        Outcome.Says((await _scene.ToolAsync("failed", "show", "zzzz")).Exits(2).Error, "'zzzz'", "tidemark failed list");
        // Of twenty ids, two begin with the same digit.
        var ids = (await _scene.ToolAsync("failed", "list", "--json")).Report.EnumerateArray().Select(f => f.GetProperty("id").GetString()!);
        var digit = ids.GroupBy(i => i[..1], StringComparer.Ordinal).First(g => g.Count() > 1).Key;
        Outcome.Says((await _scene.ToolAsync("failed", "show", digit)).Exits(2).Error, "ambiguous", "give more digits");
    }

    [Fact]
    public async Task Completion_prints_a_script_and_completes()
    {
        Outcome.Says((await _scene.ToolAsync("completion", "bash")).Exits(0).Output, "complete -o default -F _tidemark tidemark");
        Outcome.Says((await _scene.ToolAsync("complete", "15", "tidemark run --")).Exits(0).Output, "--full", "--dry-run");
        Outcome.Says((await _scene.ToolAsync("completion", "bahs")).Exits(2).Error, "bash");
    }

    [Fact]
    public async Task Schema_is_json_and_a_taken_port_is_told()
    {
        using var schema = JsonDocument.Parse((await _scene.ToolAsync("schema")).Exits(0).Output);
        schema.RootElement.TryGetProperty("$schema", out _).ShouldBeTrue();
        await using var simulator = await RunningSimulator.StartAsync("crm", new SimulatorOptions(), CancellationToken.None);
        Outcome.Says((await _scene.ToolAsync("simulate", "crm", "--port", simulator.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture))).Exits(2).Error, "can't listen on port");
    }

    [Fact]
    public async Task Demo_leaves_a_directory_alone_that_is_not_its_own()
    {
        _scene.File("precious.txt", "mine");
        Outcome.Says((await _scene.ToolAsync("demo", "--dir", ".")).Exits(2).Error, "not empty", "choose another --dir");
        File.Exists(_scene["tidemark.yaml"]).ShouldBeFalse();
        Outcome.Says((await _scene.ToolAsync("demo", "crn")).Exits(2).Error, "'crm'");
    }
}
