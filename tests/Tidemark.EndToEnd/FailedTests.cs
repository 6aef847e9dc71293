using System.Globalization;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd;

/// <summary>The second life of failed records: mended, tried again, closed, purged.</summary>
public sealed class FailedTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Table => _directory["out.db"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    [Trait("guarantee", "G54")]
    public async Task Record_that_the_configuration_has_mended_is_written_without_its_source()
    {
        Configure("primary_key: id, columns: { amount: bigint }");
        _directory.File("in.jsonl", "{\"id\":1,\"amount\":1}\n{\"id\":2,\"amount\":\"12 EUR\"}\n{\"id\":3}\nno JSON\n");
        await RunAsync(1, "run");
        (await RunAsync(1, "failed", "retry", "--all")).Output.ShouldBe("items   2 to retry, 0 resolved, 2 still failing\nwhy they still fail: tidemark failed list\n");

        Configure("primary_key: id");
        File.Delete(_directory["in.jsonl"]);
        (await RunAsync(1, "failed", "retry", "--stream", "items")).Output.ShouldContain("items   2 to retry, 1 resolved, 1 still failing\n");

        Rows().ShouldBe("1:1 2:12 EUR 3:");
        var open = await RunAsync(0, "failed", "list", "--json");
        open.Output.ShouldContain("\"attempts\":3");
        open.Output.ShouldNotContain("12 EUR");
        (await RunAsync(0, "failed", "list", "--status", "resolved")).Output.ShouldContain("items   resolved   found the text '12 EUR' in 'amount'");
        (await RunAsync(0, "failed", "purge")).Output.ShouldStartWith("0 purged");
        (await RunAsync(0, "failed", "purge", "--older-than", "0s", "--json")).Output.ShouldContain("\"purged\":1,");
        (await RunAsync(0, "failed", "list", "--status", "all", "--json")).Output.Split("\"id\":").Length.ShouldBe(2);
    }

    [Fact]
    [Trait("guarantee", "G55")]
    public async Task Record_whose_row_is_newer_by_now_is_superseded()
    {
        const string Stream = "primary_key: id, incremental: { cursor_field: at }";
        Configure(Stream + ", columns: { amount: bigint }");
        _directory.File("in.jsonl", "{\"id\":1,\"at\":\"2026-01-01T00:00:00Z\",\"amount\":\"old\"}\n");
        await RunAsync(1, "run");
        _directory.File("in.jsonl", "{\"id\":1,\"at\":\"2026-01-02T00:00:00Z\",\"amount\":7}\n");
        await RunAsync(0, "run");

        Configure(Stream);
        (await RunAsync(0, "failed", "retry", "--all")).Output.ShouldStartWith("items   1 to retry, 0 resolved, 1 superseded (a newer version is stored)\n");

        Rows().ShouldBe("1:7");
        (await RunAsync(0, "failed", "list", "--status", "superseded")).Output.ShouldContain("items   superseded   ");
        (await RunAsync(0, "failed", "retry", "--all")).Output.ShouldBe("nothing to retry: no failed record is open\n");
    }

    [Fact]
    [Trait("guarantee", "G54")]
    public async Task Retry_that_is_killed_again_and_again_appends_each_record_once()
    {
        const int Records = 8000;
        Configure("columns: { v: bigint }, max_failed: 100000");
        _directory.File("in.jsonl", string.Concat(Enumerable.Range(0, Records).Select(i => $"{{\"id\":{i},\"v\":\"text\"}}\n")) + "no JSON\n");
        await RunAsync(1, "run");
        Configure("columns: { v: text }");
        File.Delete(_directory["in.jsonl"]);

        var random = new Random(20260112);
        var killed = 0;
        for (var before = 0L; before < Records && killed < 8;)
        {
            using var tool = Tool.Start(_directory.Path, null, "failed", "retry", "--all");
            // A moment shortly after one of its commits: in the store, in the queue, or in the next transaction.
            while (!tool.HasExited && Count() == before) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 8), TimeProvider.System);
            if (!tool.HasExited) killed++;
            await tool.KillAsync();
            before = Count();
        }
        killed.ShouldBeGreaterThan(0, "a kill must hit a running process, or it proves nothing");
        // What is no JSON stays open, so that there is something to retry even where the last kill came after everything was closed.
        await RunAsync(1, "failed", "retry", "--all");

        Count().ShouldBe(Records);
        Database.Scalar(Table, "select count(distinct id) from items").ShouldBe((long)Records);
        Database.Scalar(Table, "select count(*) from _tidemark_queue").ShouldBe(0L);
        Database.Scalar(_directory[".tidemark/store.db"], "select count(*) from failed_records where status = 'resolved'").ShouldBe((long)Records);
    }

    [Fact]
    public async Task Hundred_thousand_failed_records_are_listed_page_by_page_retried_and_purged()
    {
        const int Records = 100_000;
        Configure("columns: { v: bigint }, max_failed: 200000");
        _directory.File("in.jsonl", string.Concat(Enumerable.Range(0, Records).Select(i => $"{{\"id\":{i},\"v\":\"text\"}}\n")));
        (await RunAsync(1, "run")).Output.ShouldContain("100 000 records failed and are kept");

        var seen = new HashSet<string>(StringComparer.Ordinal);
        string[] after = [];
        for (var page = 0; page < 3; page++)
        {
            var lines = (await RunAsync(0, ["failed", "list", "--limit", "50", .. after])).Output.TrimEnd().Split('\n');
            lines.Length.ShouldBe(51);
            foreach (var line in lines[..50]) seen.Add(line[..12]).ShouldBeTrue(line);
            after = ["--after", lines[49][..12]];
            lines[50].ShouldBe($"there may be more: --after {after[1]}, or --limit N");
        }

        Configure("columns: { v: text }");
        (await RunAsync(0, "failed", "retry", "--all")).Output.ShouldStartWith("items   100 000 to retry, 100 000 resolved\n");
        (await RunAsync(0, "failed", "list")).Output.ShouldBe("none\n");
        Count().ShouldBe(Records);
        (await RunAsync(0, "failed", "purge", "--older-than", "0s")).Output.ShouldStartWith("100 000 purged");
        Database.Scalar(_directory[".tidemark/store.db"], "select count(*) from failed_records").ShouldBe(0L);
    }

    [Fact]
    public async Task Retry_that_the_destination_refuses_exits_4_and_changes_nothing()
    {
        Configure("primary_key: id");
        _directory.File("in.jsonl", "{\"a\":1}\n{\"id\":1}\n");
        await RunAsync(1, "run");
        Database.Execute(Table, "drop table items");
        Database.Execute(Table, "create view items as select 1 as id");
        (await RunAsync(4, "failed", "retry", "--all", "--json")).Output.ShouldContain("\"status\":\"failed\"");
        (await RunAsync(0, "failed", "list", "--json")).Output.ShouldContain("\"attempts\":1,\"status\":\"open\"");
    }

    [Fact]
    public async Task Records_of_a_stream_that_is_gone_are_not_passed_over_in_silence()
    {
        Configure("primary_key: id");
        _directory.File("in.jsonl", "{\"a\":1}\n{\"id\":1}\n");
        await RunAsync(1, "run");
        var id = (await RunAsync(0, "failed", "list")).Output[..12];
        Configure("primary_key: id", "products");
        (await RunAsync(1, "failed", "retry", "--all")).Error.ShouldContain("1 of the stream 'items' stay as they are: the configuration has no such stream any more");
        (await RunAsync(2, "failed", "retry", id)).Error.ShouldContain("is of the stream 'items', which the configuration has no more");
    }

    [Theory]
    [InlineData("nothing says which records: give their ids, --stream STREAM, or --all", "retry")]
    [InlineData("found several ways to say which records", "retry", "--all", "--stream", "items")]
    [InlineData("no failed record has an id that begins with 'ffff'", "retry", "ffff")]
    [InlineData("no stream is called 'itms'; did you mean 'items'?", "retry", "--stream", "itms")]
    [InlineData("found --older-than soon, expected a duration such as 30d or 12h", "purge", "--older-than", "soon")]
    [InlineData("found --status opne, expected open, resolved, superseded, all; did you mean 'open'?", "list", "--status", "opne")]
    [InlineData("tidemark failed needs a command: list, show, retry, purge")]
    public async Task Wrong_usage_is_told_in_words(string message, params string[] arguments)
    {
        Configure("primary_key: id");
        (await RunAsync(2, ["failed", .. arguments])).Error.ShouldContain(message);
    }

    private void Configure(string stream, string name = "items") => _directory.File("tidemark.yaml",
        $"name: f\nsources:\n  s: {{ type: file, path: in.jsonl }}\ndestinations:\n  d: {{ type: sqlite, path: out.db }}\nstreams:\n  {name}: {{ {stream} }}\n");

    private long Count() => Database.Query(Table, "select 1 as one from sqlite_schema where name = 'items'").Count == 0 ? 0 : (long)Database.Scalar(Table, "select count(*) from items")!;

    private string Rows() => string.Join(' ', Database.Query(Table, "select id, amount from items order by id").Select(r => string.Create(CultureInfo.InvariantCulture, $"{r["id"]}:{r["amount"]}")));

    private async Task<ToolResult> RunAsync(int exitCode, params string[] arguments)
    {
        var result = await Tool.RunAsync(_directory.Path, null, arguments);
        result.ExitCode.ShouldBe(exitCode, result.Error + result.Output);
        return result;
    }
}
