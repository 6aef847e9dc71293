using Tidemark.Destinations;
using Tidemark.EndToEnd.Support;
using Tidemark.Http;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.EndToEnd.Guarantees;

/// <summary>Merge and append, failed records, and what a stream reads beside its own watermark.</summary>
public sealed class WritingTests
{
    [Fact]
    [Trait("guarantee", "G35")]
    public async Task Merge_never_puts_an_older_version_over_a_newer_one_except_with_full()
    {
        await using var api = await ChangingApi.StartAsync(6);
        using var mirror = new Mirror(api);
        await mirror.RunThroughAsync();
        // As a replica that lags behind would have it.
        api.Put(6, api.Items.ElementAt(4).At);

        (await mirror.RunAsync(new RunOptions { Since = api.Text(api.Items.First().At!.Value) })).Count(Counter.Written).ShouldBe(0);
        mirror.Differences().ShouldBe([6]);

        (await mirror.RunAsync(new RunOptions { Full = true })).Count(Counter.Updated).ShouldBe(1);
        mirror.Differences().ShouldBeEmpty();
    }

    [Fact]
    [Trait("guarantee", "G36")]
    public async Task Merge_keeps_the_columns_that_a_record_does_not_carry()
    {
        using var directory = new TempDirectory();
        directory.File("tidemark.yaml", "name: m\nsources:\n  s: { type: file, path: in.jsonl }\ndestinations:\n  d: { type: sqlite, path: out.db }\nstreams:\n  items: { primary_key: id }\n");
        foreach (var line in new[] { """{"id":1,"a":1,"b":"kept"}""", """{"id":1,"a":2}""", """{"id":1,"a":null}""" })
        {
            directory.File("in.jsonl", line);
            (await Tool.RunAsync(directory.Path, null, "run")).ExitCode.ShouldBe(0);
        }
        var row = Database.Query(directory["out.db"], "select a, b from items").ShouldHaveSingleItem();
        row["a"].ShouldBeNull();
        row["b"].ShouldBe("kept");
    }

    [Theory]
    [Trait("guarantee", "G37")]
    [InlineData(RowOrder.Desc)]
    [InlineData(RowOrder.Asc)]
    [InlineData(RowOrder.None)]
    public async Task Append_writes_each_version_once_over_stopped_and_repeated_runs(RowOrder order)
    {
        await using var api = await ChangingApi.StartAsync(12);
        using var mirror = new Mirror(api) { Stream = Mirror.Keyset(order) with { PrimaryKey = [], WriteDisposition = WriteDisposition.Append } };
        using var stop = new CancellationTokenSource();
        api.Before(2, stop.Cancel);
        await mirror.RunAsync(null, stop.Token);
        await mirror.RunAsync(new RunOptions { Limit = 4 });
        await mirror.RunThroughAsync();
        api.Update(3);
        await mirror.RunThroughAsync();
        await mirror.RunThroughAsync();

        mirror.Rows().Select(r => ((long)r["id"]!, (long)r["version"]!)).Order().ShouldBe([(1L, 1L), (2, 1), (3, 1), (3, 2), .. Enumerable.Range(4, 9).Select(i => ((long)i, 1L))]);
    }

    [Fact]
    [Trait("guarantee", "G38")]
    public async Task Append_writes_records_without_a_cursor_value_and_those_far_ahead_once()
    {
        await using var api = await ChangingApi.StartAsync(3);
        api.Put(4, null);
        api.Put(5, TimeProvider.System.GetUtcNow().AddYears(100).ToUnixTimeMilliseconds());
        using var mirror = new Mirror(api) { Stream = Mirror.Keyset(RowOrder.None) with { PrimaryKey = [], WriteDisposition = WriteDisposition.Append } };

        await mirror.RunThroughAsync();
        (await mirror.RunThroughAsync()).Count(Counter.Duplicates).ShouldBeGreaterThanOrEqualTo(2);
        mirror.Ids.ShouldBe([1, 2, 3, 4, 5]);

        // Another version of it.
        api.Put(4, null);
        await mirror.RunThroughAsync();
        await mirror.RunThroughAsync();
        mirror.Ids.ShouldBe([1, 2, 3, 4, 4, 5]);
    }

    [Fact]
    [Trait("guarantee", "G38")]
    public async Task Append_of_more_records_without_a_cursor_value_than_are_remembered_is_refused()
    {
        await using var api = await ChangingApi.StartAsync(1);
        for (var id = 2; id <= 10_002; id++) api.Put(id, null);
        using var mirror = new Mirror(api) { Stream = Mirror.Keyset(RowOrder.None, size: 20_000) with { PrimaryKey = [], WriteDisposition = WriteDisposition.Append } };

        var report = await mirror.RunAsync();

        (report.Status, report.FailedSide).ShouldBe((RunStatus.Failed, FailedSide.Destination));
        report.Error!.ShouldContain("on_cursor_value_missing: exclude");
    }

    [Fact]
    [Trait("guarantee", "G39")]
    public async Task Append_over_page_numbers_repeats_a_record_that_an_insertion_shifts()
    {
        await using var api = await ChangingApi.StartAsync(6);
        using var mirror = new Mirror(api) { Stream = Mirror.Numbered() with { PrimaryKey = [], WriteDisposition = WriteDisposition.Append } };
        api.Before(2, () => api.Insert());

        await mirror.RunThroughAsync();

        mirror.Ids.ShouldBe([1, 2, 3, 4, 4, 5, 6]);
    }

    [Fact]
    [Trait("guarantee", "G39")]
    public async Task Append_over_offsets_repeats_records_when_the_last_one_of_a_page_is_gone()
    {
        await using var api = await ChangingApi.StartAsync(7);
        using var mirror = new Mirror(api) { Stream = Mirror.Offset(RowOrder.None, 4) with { PrimaryKey = [], WriteDisposition = WriteDisposition.Append } };
        api.Before(2, () => api.Delete(4));

        await mirror.RunThroughAsync();

        mirror.Ids.ShouldBe([1, 1, 2, 2, 3, 3, 4, 5, 6, 7]);
    }

    [Fact]
    [Trait("guarantee", "G45")]
    public async Task Refused_record_is_kept_and_the_others_are_written()
    {
        using var directory = new TempDirectory();
        directory.File("tidemark.yaml", "name: m\nsources:\n  s: { type: file, path: in.jsonl }\ndestinations:\n  d: { type: sqlite, path: out.db }\nstreams:\n  items: { primary_key: id }\n");
        directory.File("in.jsonl", "{\"id\":1}\n{\"name\":\"no key\"}\n{\"id\":3}\n");

        (await Tool.RunAsync(directory.Path, null, "run")).ExitCode.ShouldBe(1);

        Database.Query(directory["out.db"], "select * from items").Count.ShouldBe(2);
        (await Tool.RunAsync(directory.Path, null, "failed", "list", "--json")).Output.ShouldContain("no key");
    }

    [Fact]
    [Trait("guarantee", "G46")]
    public async Task More_refused_records_than_max_failed_stop_the_stream_before_its_checkpoint()
    {
        using var directory = new TempDirectory();
        directory.File("tidemark.yaml", "name: m\nsources:\n  s: { type: file, path: in.jsonl }\ndestinations:\n  d: { type: sqlite, path: out.db }\nstreams:\n  items: { primary_key: id, max_failed: 1 }\n");
        directory.File("in.jsonl", "{\"id\":1}\n{\"a\":1}\n{\"a\":2}\n");

        (await Tool.RunAsync(directory.Path, null, "run")).ExitCode.ShouldBe(4);

        Database.Scalar(directory["out.db"], "select complete from _tidemark_checkpoints").ShouldBe(0L);
        Database.Scalar(directory["out.db"], "select count(*) from sqlite_schema where name = 'items'").ShouldBe(0L);
    }

    [Fact]
    [Trait("guarantee", "G47")]
    public async Task Refresh_once_reads_until_a_scan_is_complete_and_never_again()
    {
        await using var api = await ChangingApi.StartAsync(6);
        using var mirror = new Mirror(api) { Stream = Mirror.Keyset(RowOrder.None) with { Incremental = null, Refresh = Refresh.Once } };
        await mirror.RunAsync(new RunOptions { Limit = 3 });
        await mirror.RunThroughAsync();
        mirror.Differences().ShouldBeEmpty();
        var calls = api.Seen.Count;

        (await mirror.RunThroughAsync()).Skipped.ShouldBeTrue();

        api.Seen.Count.ShouldBe(calls);
    }

    [Fact]
    [Trait("guarantee", "G48")]
    public async Task Filter_by_last_success_asks_from_the_start_of_the_last_complete_run()
    {
        await using var api = await ChangingApi.StartAsync(6);
        var request = (RestRequest)Mirror.Keyset(RowOrder.None).Request;
        using var mirror = new Mirror(api)
        {
            Stream = Mirror.Keyset(RowOrder.None) with { Incremental = null, Request = request with { Params = [new NamedTemplate("since", Template.Parse("{{ last_success - 7d }}"))] } },
        };
        var began = TimeProvider.System.GetUtcNow();
        await mirror.RunThroughAsync();
        api.Seen.ShouldAllBe(s => !s.Contains("since", StringComparison.Ordinal));

        await mirror.RunThroughAsync();

        var since = DateTimeOffset.Parse(Uri.UnescapeDataString(api.Seen[^1].Split("since=")[1].Split('&')[0]), System.Globalization.CultureInfo.InvariantCulture);
        since.ShouldBeInRange(began.AddDays(-7), began.AddDays(-7).AddSeconds(30));
        // The API's records are a month old: the filter leaves nothing, and nothing is lost from the table.
        mirror.Differences().ShouldBeEmpty();
    }

    [Fact]
    [Trait("guarantee", "G49")]
    public async Task Child_is_asked_for_each_parent_that_a_run_took_even_if_a_run_ends_between_them()
    {
        await using var api = await ChangingApi.StartAsync(6);
        using var mirror = new Mirror(api) { Streams = [Mirror.Keyset(), Child()] };
        // The parents are committed, then the run is stopped at the third child.
        using var stop = new CancellationTokenSource();
        api.Before(5, stop.Cancel);
        await mirror.RunAllAsync(null, stop.Token);
        mirror.Rows("details").Count.ShouldBeLessThan(6);

        await mirror.RunAllAsync();
        mirror.Rows("details").Count.ShouldBe(6);
        api.Update(2);
        var calls = api.Seen.Count;
        await mirror.RunAllAsync();

        api.Seen.Skip(calls).Where(s => s.Contains("owner", StringComparison.Ordinal)).ShouldBe(["/keyset?owner=2"]);
    }

    [Fact]
    [Trait("guarantee", "G50")]
    public async Task Child_that_changes_without_its_parent_is_seen_by_a_full_run_only()
    {
        await using var api = await ChangingApi.StartAsync(3);
        using var mirror = new Mirror(api) { Streams = [Mirror.Keyset(), Child()] };
        await mirror.RunAllAsync();
        // The parent's cursor does not move: only its child is another one now.
        api.Put(2, api.Items.ElementAt(1).At);

        await mirror.RunAllAsync();
        mirror.Rows("details").Single(r => (long)r["id"]! == 2)["version"].ShouldBe(1L);

        await mirror.RunAllAsync(new RunOptions { Full = true });
        mirror.Rows("details").Single(r => (long)r["id"]! == 2)["version"].ShouldBe(2L);
    }

    private static StreamDefinition Child() => new()
    {
        Name = "details",
        PrimaryKey = ["id"],
        Parent = new ParentDefinition("items", ["id"]),
        Request = new RestRequest { Path = "/keyset", Records = "items", Params = [new NamedTemplate("owner", Template.Parse("{{ parent.id }}"))] },
    };
}
