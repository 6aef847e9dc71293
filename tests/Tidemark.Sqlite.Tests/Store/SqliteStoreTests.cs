using System.Text;
using Microsoft.Data.Sqlite;
using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Runs;
using Tidemark.Telemetry;

namespace Tidemark.Sqlite.Tests.Store;

public sealed class SqliteStoreTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(1));

    private readonly string _directory = Directory.CreateTempSubdirectory("tidemark-store-").FullName;

    private string StoreFile => Path.Combine(_directory, ".tidemark", "store.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Runs_are_read_again_newest_first_and_without_warnings()
    {
        await using (var store = await OpenAsync())
        {
            await store.AddRunAsync(Report("a", Start), default);
            await store.AddRunAsync(Report("b", Start.AddMinutes(1)) with { Status = RunStatus.Parked, Warnings = ["w"] }, default);
            await store.AddRunAsync(Report("c", Start.AddMinutes(2)) with { PipelineName = "other" }, default);
        }
        await using var again = await OpenAsync();
        var runs = await again.ListRunsAsync("p", 10, default);
        runs.Select(r => (r.RunId, r.Status)).ShouldBe([("b", RunStatus.Parked), ("a", RunStatus.Succeeded)]);
        var run = runs[1];
        (run.StartedAt, run.Duration, run.Warnings.Count).ShouldBe((Start, TimeSpan.FromMilliseconds(812.5), 0));
        var stream = run.Streams.Single();
        stream.Counts[Counter.Read].ShouldBe(97);
        stream.Counts.Count.ShouldBe(Enum.GetValues<Counter>().Length);
        var counts = new Dictionary<Counter, long> { [Counter.Read] = 97 };
        (stream with { Counts = counts }).ShouldBe(Report("a", Start).Streams[0] with { Counts = counts });
        (await again.ListRunsAsync("p", 1, default)).Single().RunId.ShouldBe("b");
    }

    [Fact]
    public async Task Failed_record_that_fails_again_is_one_record_with_the_latest_reason()
    {
        await using var store = await OpenAsync();
        await store.AddAsync([Failed("aa11", "first"), Failed("ab22", "x") with { Stream = "t" }], default);
        Execute("UPDATE failed_records SET status = 'resolved'");
        (await store.ListAsync("p", null, 10, default)).ShouldBeEmpty();
        await store.AddAsync([Failed("aa11", "second") with { RunId = "r2" }], default);
        var open = (await store.ListAsync("p", "s", 10, default)).Single();
        (open.Reason, open.RunId, Encoding.Latin1.GetString(open.Payload.Span)).ShouldBe(("second", "r2", "\u00ff{}"));
        (await store.ListAsync("p", "t", 10, default)).ShouldBeEmpty();
        using var connection = new SqliteConnection($"Data Source={StoreFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT attempts FROM failed_records WHERE id = 'aa11'";
        command.ExecuteScalar().ShouldBe(2L);
    }

    [Fact]
    public async Task Failed_record_is_found_by_the_first_digits_of_its_id()
    {
        await using var store = await OpenAsync();
        await store.AddAsync([Failed("aa11", "x"), Failed("aa1122", "x"), Failed("b%", "x")], default);
        (await store.FindAsync("aa112", default))!.Id.ShouldBe("aa1122");
        (await store.FindAsync("aa11", default))!.Id.ShouldBe("aa11");
        (await store.FindAsync("c", default)).ShouldBeNull();
        (await store.FindAsync("%", default)).ShouldBeNull();
        (await Should.ThrowAsync<InvalidOperationException>(() => store.FindAsync("a", default))).Message.ShouldContain("ambiguous");
    }

    [Fact]
    public async Task Store_of_a_newer_version_is_refused()
    {
        await (await OpenAsync()).DisposeAsync();
        Execute("INSERT INTO schema_version VALUES(99, '')");
        var e = await Should.ThrowAsync<DestinationException>(OpenAsync);
        e.Message.ShouldContain("has schema 99, this version of Tidemark knows 1");
    }

    [Fact]
    public async Task Stores_that_are_opened_together_migrate_once()
    {
        using var barrier = new Barrier(6);
        var opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Factory.StartNew(() =>
        {
            barrier.SignalAndWait();
            return OpenAsync();
        }, default, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        await Task.WhenAll(opened.Select((s, i) => s.AddAsync([.. Enumerable.Range(0, 20).Select(n => Failed($"{i}-{n}", "x"))], default)));
        (await opened[0].ListAsync("p", null, 1000, default)).Count.ShouldBe(120);
        foreach (var store in opened) await store.DisposeAsync();
    }

    private static RunReport Report(string id, DateTimeOffset at) => new()
    {
        RunId = id,
        PipelineName = "p",
        Status = RunStatus.Succeeded,
        StartedAt = at,
        Duration = TimeSpan.FromMilliseconds(812.5),
        Streams =
        [
            new StreamReport
            {
                Stream = "s", Status = RunStatus.Failed, Mode = RunMode.Incremental, StoppedEarly = "x", WatermarkBefore = "1", WatermarkAfter = "2", LastFullRead = 5, Skipped = true,
                Counts = new Dictionary<Counter, long> { [Counter.Read] = 97, [Counter.ThrottledMs] = 3 }, Error = "e", FailedSide = FailedSide.Destination, ParkedUntil = at.AddHours(1).ToUniversalTime(),
            },
        ],
    };

    private static FailedRecord Failed(string id, string reason) => new()
    {
        Id = id, PipelineName = "p", Stream = "s", RunId = "r1", Reason = reason, Payload = new byte[] { 0xff, (byte)'{', (byte)'}' }, FailedAt = Start,
    };

    private Task<SqliteStore> OpenAsync() => SqliteStore.OpenAsync(StoreFile, TimeProvider.System, default);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={StoreFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
