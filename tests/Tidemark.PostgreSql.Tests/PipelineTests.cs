using System.Globalization;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Sources.Files;
using Tidemark.Telemetry;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests;

/// <summary>Whole pipelines, on a server of their own that is stopped under them.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private readonly PostgresServer _server = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("tidemark-pipeline-").FullName;
    private string _url = "";

    private string File => Path.Combine(_directory, "rows.jsonl");

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _url = await _server.CreateDatabaseAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData(WriteDisposition.Merge)]
    [InlineData(WriteDisposition.Append)]
    [InlineData(WriteDisposition.Replace)]
    public async Task Pipeline_copies_a_file(WriteDisposition disposition)
    {
        await WriteFileAsync(2500, 0);
        var first = await RunAsync(disposition);
        (first.Counts[Counter.Inserted], first.Counts[Counter.Commits]).ShouldBe((2500, 3), first.Error);
        (await SqlAsync("SELECT count(*), sum(id), count(DISTINCT name), sum(amount), max(at) FROM rows")).ShouldBe("2500|3126250|2500|1563125|2026-01-01 00:41:39+00");
        first.SchemaChanges.ShouldHaveSingleItem().Kind.ShouldBe(SchemaChangeKind.TableCreated);
        await WriteFileAsync(2500, 1);
        var second = await RunAsync(disposition);
        second.Status.ShouldBe(RunStatus.Succeeded, second.Error);
        (await SqlAsync("SELECT count(*), max(version) FROM rows")).ShouldBe(disposition == WriteDisposition.Append ? "5000|1" : "2500|1");
    }

    [Fact]
    public async Task Server_that_crashes_in_the_middle_costs_nothing()
    {
        await WriteFileAsync(60_000, 0);
        var run = Task.Run(() => RunAsync(WriteDisposition.Append, count: 500));
        // Some batches are on disk, and others are still to come.
        while (!run.IsCompleted && await CountAsync() < 2000)
        {
        }
        run.IsCompleted.ShouldBeFalse();
        await _server.StopAsync("immediate");
        await _server.StartAsync();
        var report = await run;
        report.Status.ShouldBe(RunStatus.Succeeded, report.Error);
        report.Counts[Counter.Retries].ShouldBeGreaterThan(0);
        (await SqlAsync("SELECT count(*), count(DISTINCT id) FROM rows")).ShouldBe("60000|60000");
    }

    [Fact]
    public async Task Connections_that_are_cut_again_and_again_lose_nothing_and_repeat_nothing()
    {
        await WriteFileAsync(40_000, 0);
        var run = Task.Run(() => RunAsync(WriteDisposition.Append, count: 500));
        for (var seen = 0; !run.IsCompleted && seen < 3; seen++)
        {
            var before = await CountAsync();
            while (!run.IsCompleted && await CountAsync() < before + 1000)
            {
            }
            await SqlAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'tidemark'");
        }
        var report = await run;
        report.Status.ShouldBe(RunStatus.Succeeded, report.Error);
        report.Counts[Counter.Retries].ShouldBeGreaterThan(0);
        (await SqlAsync("SELECT count(*), count(DISTINCT id) FROM rows")).ShouldBe("40000|40000");
    }

    private async Task<StreamReport> RunAsync(WriteDisposition disposition, int count = 1000)
    {
        var report = await Pipeline.Create("p")
            .From(new FileSource { Path = File })
            .To(new PostgreSqlDestination { Url = new Secret(_url) })
            .Stream("rows", new FileRequest(), s => s with
            {
                WriteDisposition = disposition,
                PrimaryKey = disposition == WriteDisposition.Append ? [] : ["id"],
                Batch = s.Batch with { Count = count },
            })
            .RunAsync();
        return report.Streams.ShouldHaveSingleItem();
    }

    private Task WriteFileAsync(int rows, int version) => System.IO.File.WriteAllLinesAsync(File, Enumerable.Range(1, rows).Select(i => string.Create(CultureInfo.InvariantCulture,
        $$"""{"id":{{i}},"name":"n{{i}}","amount":{{i / 2m:0.00}},"at":"{{DateTimeOffset.UnixEpoch.AddYears(56).AddSeconds(i - 1):yyyy-MM-ddTHH:mm:ssZ}}","version":{{version}}}""")));

    private Task<string> SqlAsync(string sql) => _server.SqlAsync(PostgresServer.DatabaseOf(_url), sql);

    private async Task<int> CountAsync() =>
        await SqlAsync("SELECT to_regclass('rows') IS NULL") == "t" ? 0 : int.Parse(await SqlAsync("SELECT count(*) FROM rows"), CultureInfo.InvariantCulture);
}
