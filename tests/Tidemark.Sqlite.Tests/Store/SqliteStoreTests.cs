using System.Text;
using Microsoft.Data.Sqlite;
using Tidemark.Failures;
using Tidemark.Telemetry;

namespace Tidemark.Sqlite.Tests.Store;

/// <summary>What only this store has to do; what every store does is tested in the conformance suite.</summary>
public sealed class SqliteStoreTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(1));

    // What the first version has left, word for word.
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
    public async Task Store_of_the_first_version_is_read_and_its_records_can_be_closed()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(StoreFile)!);
        Execute(SchemaOne);
        await using var store = await OpenAsync();
        var record = (await store.ListAsync("p", null, FailedRecordStatus.Open, 10, before: null, default)).ShouldHaveSingleItem();
        (record.Id, record.Reason, record.Attempts, record.ClosedAt, Encoding.UTF8.GetString(record.Payload.Span)).ShouldBe(("aa11", "why", 2, null, "{}"));
        var stream = (await store.ListRunsAsync("p", 10, before: null, default)).Single().Streams.Single();
        (stream.Counts[Counter.Read], stream.Rejected.Count).ShouldBe((7, 0));
        await store.CloseAsync(["aa11"], FailedRecordStatus.Resolved, Start, default);
        (await store.FindAsync("aa", default))!.ClosedAt.ShouldBe(Start);
        await (await OpenAsync()).DisposeAsync();
    }

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
