using Tidemark.Destinations;
using Tidemark.EndToEnd.Support;
using Tidemark.Http;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Simulators;
using Tidemark.Sqlite;
using Tidemark.Telemetry;

namespace Tidemark.EndToEnd.Guarantees;

/// <summary>Runs that end before their scan is complete, and runs that meet.</summary>
public sealed class EndingTests
{
    [Theory]
    [Trait("guarantee", "G30")]
    [InlineData("limit")]
    [InlineData("stop")]
    [InlineData("max_pages")]
    public async Task Unfinished_scan_goes_on_where_it_stopped(string end)
    {
        await using var api = await ChangingApi.StartAsync(12);
        var paginator = new CursorPaginator { CursorPath = "next", CursorParam = "after", PageSize = 3, PageSizeParam = "limit" };
        using var mirror = new Mirror(api) { Stream = Mirror.Of("/keyset", RowOrder.Desc, end == "max_pages" ? paginator with { MaxPages = 2 } : paginator) };
        using var stop = new CancellationTokenSource();
        if (end == "stop") api.Before(3, stop.Cancel);

        var first = await mirror.RunAsync(new RunOptions { Limit = end == "limit" ? 6 : null }, stop.Token);
        first.WatermarkAfter.ShouldBeNull();
        first.Count(Counter.Read).ShouldBe(6);
        var second = await mirror.RunAllAsync();

        second.Streams[0].Mode.ShouldBe(RunMode.First);
        second.Streams[0].Count(Counter.Read).ShouldBe(6);
        second.Warnings.ShouldBeEmpty();
        mirror.Differences().ShouldBeEmpty();
        api.Seen.Count(s => !s.Contains("after", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    [Trait("guarantee", "G37")]
    public async Task Killed_append_writes_each_record_once()
    {
        await using var simulator = await RunningSimulator.StartAsync("crm", new SimulatorOptions(), CancellationToken.None);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["CRM_URL"] = simulator.Address.ToString().TrimEnd('/') };
        var recipe = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "recipes", "crm", "tidemark.yaml"));
        var random = new Random(7);
        for (var kill = 0; kill < 8; kill++)
        {
            using var directory = new TempDirectory();
            directory.File("tidemark.yaml", recipe.Replace("    primary_key: id\n", "    batch: { count: 37 }\n", StringComparison.Ordinal));
            using (var tool = Tool.Start(directory.Path, environment, "run", "clients", "pianos"))
            {
                var calls = simulator.Calls.Total + random.Next(24);
                while (!tool.HasExited && simulator.Calls.Total < calls) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
                await tool.KillAsync();
            }
            (await Tool.RunAsync(directory.Path, environment, "run", "clients", "pianos")).ExitCode.ShouldBe(0);
            var counts = Database.Query(directory["crm.db"], "select (select count(*) from clients) c, (select count(distinct id) from clients) cd, (select count(*) from pianos) p, (select count(distinct id) from pianos) pd")[0];
            counts.Values.Cast<long>().ShouldBe([1344L, 1344L, 1031L, 1031L], $"after kill {kill}");
        }
    }

    [Theory]
    [Trait("guarantee", "G31")]
    [InlineData(RowOrder.Desc)]
    [InlineData(RowOrder.None)]
    public async Task Scan_cut_off_by_maximum_page_is_never_complete(RowOrder order)
    {
        await using var api = await ChangingApi.StartAsync(12);
        using var mirror = new Mirror(api) { Stream = Mirror.Of("/page", order, new PageNumberPaginator { PageSize = 3, PageSizeParam = "limit", MaximumPage = 2 }) };
        for (var run = 0; run < 3; run++)
        {
            var report = await mirror.RunAllAsync();
            report.Streams[0].WatermarkAfter.ShouldBeNull();
            report.Streams[0].Count(Counter.Requests).ShouldBe(2);
            report.Warnings.ShouldBeEmpty();
        }
        mirror.Rows().Count.ShouldBe(6);
    }

    [Fact]
    [Trait("guarantee", "G32")]
    public async Task Scan_whose_cursor_has_expired_starts_over()
    {
        await using var api = await ChangingApi.StartAsync(12);
        using var mirror = new Mirror(api) { Stream = Mirror.Keyset() };
        await mirror.RunAsync(new RunOptions { Limit = 6 });
        api.CursorsExpired = true;
        api.Before(2, () => api.CursorsExpired = false);

        var report = await mirror.RunAllAsync();

        report.Warnings.ShouldContain(w => w.Contains("starts over", StringComparison.Ordinal));
        report.Streams[0].Count(Counter.Read).ShouldBe(12);
        mirror.Differences().ShouldBeEmpty();
    }

    [Theory]
    [Trait("guarantee", "G33")]
    [InlineData("primary_key: id", 3)]
    [InlineData("write_disposition: append", 5)]
    public async Task Standard_input_is_read_from_its_start_again(string how, int rows)
    {
        using var directory = new TempDirectory();
        directory.File("tidemark.yaml", $"name: piped\nsources:\n  lines: {{ type: stdin }}\ndestinations:\n  db: {{ type: sqlite, path: piped.db }}\nstreams:\n  items:\n    {how}\n");
        foreach (var limit in new string[][] { ["--limit", "2"], [] })
        {
            using var tool = Tool.Start(directory.Path, null, ["run", .. limit]);
            await tool.Input.WriteAsync("{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n");
            tool.Input.Close();
            (await tool.EndAsync()).ExitCode.ShouldBe(0);
        }
        Database.Query(directory["piped.db"], "select * from items").Count.ShouldBe(rows);
    }

    [Fact]
    [Trait("guarantee", "G34")]
    public async Task Second_run_of_a_stream_waits_then_fails_and_names_the_first()
    {
        new RunOptions().LeaseWait.ShouldBe(TimeSpan.FromSeconds(30));
        await using var api = await ChangingApi.StartAsync(3);
        using var mirror = new Mirror(api);
        await using var destination = new SqliteDestination { Path = mirror.Database }.Open(new DestinationServices { CompareCursors = CursorKinds.Compare });
        await using (await destination.OpenAsync(mirror.Stream.Target("test"), CancellationToken.None))
        {
            var report = await mirror.RunAsync(new RunOptions { LeaseWait = TimeSpan.FromSeconds(1) });

            report.Status.ShouldBe(RunStatus.Failed);
            report.FailedSide.ShouldBe(FailedSide.Destination);
            report.Error!.ShouldContain($"pid {Environment.ProcessId}");
            api.Seen.ShouldBeEmpty();
        }
        (await mirror.RunThroughAsync()).Status.ShouldBe(RunStatus.Succeeded);
    }
}
