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

    // What version 0.1 has left, word for word.
    private const string SchemaOne = """
        CREATE TABLE schema_version(version BIGINT NOT NULL PRIMARY KEY, applied_at TEXT NOT NULL);
        INSERT INTO schema_version VALUES(1, '2026-01-02T03:04:05.0000000+00:00');
        CREATE TABLE runs(run_id TEXT NOT NULL PRIMARY KEY, pipeline TEXT NOT NULL, status TEXT NOT NULL, started_at TEXT NOT NULL, duration_ms DOUBLE NOT NULL, warnings TEXT NOT NULL);
        CREATE INDEX runs_by_time ON runs(pipeline, started_at);
        CREATE TABLE run_streams(
            run_id TEXT NOT NULL REFERENCES runs(run_id) ON DELETE CASCADE, position BIGINT NOT NULL, stream TEXT NOT NULL, status TEXT NOT NULL, mode TEXT NOT NULL, skipped BOOLEAN NOT NULL,
            stopped_early TEXT, watermark_before TEXT, watermark_after TEXT, last_full_read BIGINT, counts TEXT NOT NULL, error TEXT, failed_side TEXT, parked_until TEXT, PRIMARY KEY(run_id, position));
        CREATE TABLE failed_records(
            id TEXT NOT NULL PRIMARY KEY, pipeline TEXT NOT NULL, stream TEXT NOT NULL, run_id TEXT NOT NULL, reason TEXT NOT NULL, payload BLOB NOT NULL, failed_at TEXT NOT NULL,
            attempts BIGINT NOT NULL DEFAULT 1, status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'resolved', 'superseded')));
        CREATE INDEX failed_records_by_time ON failed_records(pipeline, status, failed_at);
        INSERT INTO runs VALUES('r1', 'p', 'partial', '2026-01-02T03:04:05.6780000Z', 812.5, '[]');
        INSERT INTO run_streams VALUES('r1', 0, 's', 'partial', 'first', 0, NULL, NULL, NULL, NULL, '{"read":7}', NULL, NULL, NULL);
        INSERT INTO failed_records VALUES('aa11', 'p', 's', 'r1', 'why', x'7b7d', '2026-01-02T03:04:05.6780000Z', 2, 'open');
        """;

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
        (await store.ListAsync("p", null, FailedRecordStatus.Open, 10, default)).ShouldBeEmpty();
        await store.AddAsync([Failed("aa11", "second") with { RunId = "r2" }], default);
        var open = (await store.ListAsync("p", "s", FailedRecordStatus.Open, 10, default)).Single();
        (open.Reason, open.RunId, Encoding.Latin1.GetString(open.Payload.Span)).ShouldBe(("second", "r2", "\u00ff{}"));
        (await store.ListAsync("p", "t", FailedRecordStatus.Open, 10, default)).ShouldBeEmpty();
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
        e.Message.ShouldContain("has schema 99, this version of Tidemark knows 2");
    }

    [Fact]
    public async Task Store_of_the_first_version_is_read_and_its_records_can_be_closed()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(StoreFile)!);
        Execute(SchemaOne);
        await using var store = await OpenAsync();
        var record = (await store.ListAsync("p", null, FailedRecordStatus.Open, 10, default)).ShouldHaveSingleItem();
        (record.Id, record.Reason, record.Attempts, record.ClosedAt, Encoding.UTF8.GetString(record.Payload.Span)).ShouldBe(("aa11", "why", 2, null, "{}"));
        (await store.ListRunsAsync("p", 10, default)).Single().Streams.Single().Counts[Counter.Read].ShouldBe(7);
        await store.CloseAsync(["aa11"], FailedRecordStatus.Resolved, Start, default);
        (await store.FindAsync("aa", default))!.ClosedAt.ShouldBe(Start);
        await (await OpenAsync()).DisposeAsync();
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
        (await opened[0].ListAsync("p", null, FailedRecordStatus.Open, 1000, default)).Count.ShouldBe(120);
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
