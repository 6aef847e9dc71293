using System.Diagnostics;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd.BadInput;

/// <summary>Files that can't be written, are something else, or a disk that is full.</summary>
public sealed class DiskTests : IDisposable
{
    private const string Simple = "request: { path: /items }\nprimary_key: id";
    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("garbage", "not an SQLite database", "name another path")]
    [InlineData("directory", "found a directory", "expected an SQLite file")]
    [InlineData("no-parent", "does not exist", "create it, or name another path")]
    [InlineData("unwritable", "/proc/out.db", "may be written")]
    public async Task Database_that_is_none_is_told_and_left_alone(string kind, string found, string advice)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""[{"id":1}]"""));
        _scene.Rest(server.Url, Simple);
        var garbage = string.Concat(Enumerable.Repeat("this is no database. ", 200));
        if (kind == "garbage") _scene.File("out.db", garbage);
        if (kind == "directory") Directory.CreateDirectory(_scene.Database);
        if (kind == "no-parent") Repath("missing/out.db");
        if (kind == "unwritable") Repath("/proc/out.db");
        var outcome = (await _scene.RunAsync()).Exits(4);
        Outcome.Says(outcome.StreamError(), found, advice);
        server.Requests.ShouldBeEmpty();
        if (kind == "garbage") File.ReadAllText(_scene.Database).ShouldBe(garbage);

        Outcome.Says((await _scene.ToolAsync("check")).Exits(4).Output, found);
        Outcome.Says((await _scene.ToolAsync("show", Scene.Stream)).Exits(4).Error, kind == "unwritable" ? "does not exist" : found);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run --json")]
    [InlineData("--help")]
    public async Task Full_disk_behind_standard_output_is_told_in_a_line(string arguments)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""[{"id":1}]"""));
        _scene.Rest(server.Url, Simple);
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"exec {Tool.ShellCommand} {arguments} > /dev/full"])
        {
            WorkingDirectory = _scene.Path,
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        var error = await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        error.ShouldBe("standard output can't be written: No space left on device. What the command has done stays done\n");
        shell.ExitCode.ShouldBe(1);
        if (arguments.StartsWith("run", StringComparison.Ordinal)) _scene.RowCount().ShouldBe(1);
    }

    [Theory]
    [InlineData("garbage", "not an SQLite database")]
    [InlineData("directory", "store")]
    [InlineData("file-as-parent", "store")]
    [InlineData("unwritable", "/proc/tidemark/store.db")]
    public async Task Store_that_is_none_is_told_before_anything_is_written(string kind, string found)
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""[{"id":1}]"""));
        _scene.Configure(server.Url, "  items: { request: { path: /items }, primary_key: id }", top: kind == "unwritable" ? "store: sqlite:/proc/tidemark/store.db" : "store: sqlite:stores/store.db");
        if (kind != "file-as-parent") Directory.CreateDirectory(_scene["stores"]);
        if (kind == "file-as-parent") _scene.File("stores", "");
        if (kind == "garbage") _scene.File("stores/store.db", string.Concat(Enumerable.Repeat("this is no database. ", 200)));
        if (kind == "directory") Directory.CreateDirectory(_scene["stores/store.db"]);
        foreach (var command in new[] { new[] { "run" }, ["failed", "list"] })
            Outcome.Says((await _scene.ToolAsync(command)).Exits(4).Error, found);
        server.Requests.ShouldBeEmpty();
        File.Exists(_scene.Database).ShouldBeFalse();
    }

    [Fact]
    public async Task View_or_a_strange_table_where_the_table_should_be_is_told()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""[{"id":1,"v":"x"}]"""));
        _scene.Rest(server.Url, Simple);
        Database.Execute(_scene.Database, "create view items as select 1 as id");
        Outcome.Says((await _scene.RunAsync()).Exits(4).StreamError(), "items", "view");

        Database.Execute(_scene.Database, "drop view items; create table items(id integer, v text, must text not null)");
        var outcome = await _scene.RunAsync();
        outcome.ExitCode.ShouldBeOneOf(1, 4);
        _scene.RowCount().ShouldBe(0);
    }

    [Fact]
    public async Task Constraint_of_the_users_own_table_fails_the_record_only()
    {
        await using var server = await ScriptedServer.StartAsync(Reply.Json("""[{"id":1,"n":5},{"id":2,"n":-5},{"id":3,"n":6}]"""));
        _scene.Rest(server.Url, Simple);
        Database.Execute(_scene.Database, "create table items(id integer primary key, n integer check (n > 0))");
        (await _scene.RunAsync()).Exits(1).Count("failed").ShouldBe(1);
        _scene.Rows("select * from items order by id").ShouldBe("1 5|3 6");
        Outcome.Says((await _scene.ToolAsync("failed", "list")).Output, "CHECK constraint failed");
    }

    [MountFact]
    public async Task Full_disk_stops_the_stream_with_nothing_half_written_and_the_next_run_goes_on()
    {
        await using var disk = await SmallDisk.MountAsync(_scene["small"], "2m");
        var text = new string('x', 10_000);
        await using var server = await ScriptedServer.StartAsync(seen => Reply.Json(
            $$"""{"data":[{{string.Join(',', Enumerable.Range(0, 20).Select(i => $$"""{"id":{{(Number(seen) * 20) + i}},"v":"{{text}}"}"""))}}],"next":{{(Number(seen) < 19 ? $"\"{Number(seen) + 1}\"" : "null")}}}"""));
        _scene.Rest(server.Url, "request: { path: /items }\nrecords: data\nprimary_key: id\nbatch: { count: 20 }\npaginator: { type: cursor, cursor_path: next }");
        Repath("small/out.db");
        var outcome = (await _scene.RunAsync()).Exits(4);
        Outcome.Says(outcome.StreamError(), "full", "make room, then run again");
        outcome.Count("failed").ShouldBe(0);
        var written = (long)Database.Scalar(_scene["small/out.db"], "select count(*) from items")!;
        (written % 20).ShouldBe(0);
        written.ShouldBe(outcome.Count("inserted"));

        await disk.ResizeAsync("32m");
        (await _scene.RunAsync()).Exits(0).Count("inserted").ShouldBe(400 - written);
        Database.Scalar(_scene["small/out.db"], "select count(*) from items").ShouldBe(400L);
    }

    private static int Number(Seen seen) => int.Parse(seen.Query("cursor") ?? "0", System.Globalization.CultureInfo.InvariantCulture);

    private void Repath(string path) =>
        File.WriteAllText(_scene["tidemark.yaml"], File.ReadAllText(_scene["tidemark.yaml"]).Replace("out.db", path, StringComparison.Ordinal));
}
