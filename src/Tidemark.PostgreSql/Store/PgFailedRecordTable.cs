using Tidemark.Failures;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Store;

/// <summary>The failed records of a store.</summary>
internal static class PgFailedRecordTable
{
    private const string Columns = "id, pipeline, stream, run_id, reason, payload, failed_at, attempts, status, closed_at";
    private const int Most = 500;

    /// <summary>How many are deleted in one transaction.</summary>
    private const int MostPurged = 5000;

    /// <summary>Keeps records; those that are there already are open again.</summary>
    public static async Task<bool> AddAsync(Session session, IReadOnlyList<FailedRecord> records, CancellationToken cancellationToken)
    {
        // A statement can't touch a row twice; of two with one id the last counts, as if they came one by one. Always in the same order, so that two who write the same ones do not block each other.
        var once = records.GroupBy(r => r.Id, StringComparer.Ordinal).Select(g => g.Last()).OrderBy(r => r.Id, StringComparer.Ordinal);
        foreach (var some in once.Chunk(Most))
        {
            await session.ExecuteAsync(
                """
                INSERT INTO tidemark.failed_records AS old(id, pipeline, stream, run_id, reason, payload, failed_at)
                SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::timestamptz[])
                ON CONFLICT(id) DO UPDATE SET run_id = excluded.run_id, reason = excluded.reason, payload = excluded.payload, failed_at = excluded.failed_at, attempts = old.attempts + 1,
                    status = 'open', closed_at = NULL
                """, cancellationToken,
                Array(some, r => r.Id), Array(some, r => r.PipelineName), Array(some, r => r.Stream), Array(some, r => r.RunId), Array(some, r => StoreText.Safe(r.Reason)!),
                Array(some, r => r.Payload.ToArray()), Array(some, r => r.FailedAt.UtcDateTime));
        }
        return true;
    }

    /// <summary>Failed records, newest first.</summary>
    public static async Task<IReadOnlyList<FailedRecord>> ListAsync(Session session, string pipeline, string? stream, FailedRecordStatus? status, int limit, string? before, CancellationToken cancellationToken) =>
        Read(await session.RowsAsync(
            $"""
            SELECT {Columns} FROM tidemark.failed_records
            WHERE pipeline = $1 AND ($2::text IS NULL OR stream = $2) AND ($3::text IS NULL OR status = $3)
                AND ($5::text IS NULL OR (failed_at, number) < (SELECT failed_at, number FROM tidemark.failed_records WHERE id = $5))
            ORDER BY failed_at DESC, number DESC LIMIT $4
            """, cancellationToken, pipeline, stream, status is { } one ? StoreText.Of(one) : null, limit, StoreText.Safe(before)));

    /// <summary>All open ones, in the order in which they failed last.</summary>
    public static async Task<IReadOnlyList<OpenRecord>> ListOpenAsync(Session session, string pipeline, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync("SELECT id, stream FROM tidemark.failed_records WHERE pipeline = $1 AND status = 'open' ORDER BY failed_at, number", cancellationToken, pipeline);
        return rows.ConvertAll(r => new OpenRecord((string)r[0]!, (string)r[1]!));
    }

    /// <summary>How many are open.</summary>
    public static async Task<long> CountOpenAsync(Session session, string pipeline, CancellationToken cancellationToken) =>
        await session.ScalarAsync("SELECT count(*) FROM tidemark.failed_records WHERE pipeline = $1 AND status = 'open'", cancellationToken, pipeline) is long count ? count : 0;

    /// <summary>Some of them by their ids.</summary>
    public static async Task<IReadOnlyList<FailedRecord>> GetAsync(Session session, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        Read(await session.RowsAsync($"SELECT {Columns} FROM tidemark.failed_records WHERE id = ANY($1)", cancellationToken, [ids.ToArray()]));

    /// <summary>Closes those that are open.</summary>
    public static Task<long> CloseAsync(Session session, IReadOnlyList<string> ids, FailedRecordStatus status, DateTimeOffset at, CancellationToken cancellationToken) => session.ExecuteAsync(
        "UPDATE tidemark.failed_records SET status = $2, closed_at = $3 WHERE status = 'open' AND id = ANY($1)", cancellationToken, ids.ToArray(), StoreText.Of(status), at.UtcDateTime);

    /// <summary>Deletes some of the closed ones; how many, 0 if none is left.</summary>
    public static Task<long> PurgeSomeAsync(Session session, string pipeline, DateTimeOffset closedBefore, CancellationToken cancellationToken) => session.ExecuteAsync(
        "DELETE FROM tidemark.failed_records WHERE id IN (SELECT id FROM tidemark.failed_records WHERE pipeline = $1 AND status <> 'open' AND closed_at < $2 LIMIT $3)",
        cancellationToken, pipeline, closedBefore.UtcDateTime, MostPurged);

    /// <summary>One of them by the first digits of its id.</summary>
    /// <exception cref="InvalidOperationException">Several start so.</exception>
    public static async Task<FailedRecord?> FindAsync(Session session, string id, CancellationToken cancellationToken)
    {
        var found = Read(await session.RowsAsync($"SELECT {Columns} FROM tidemark.failed_records WHERE starts_with(id, $1) ORDER BY id <> $1, id LIMIT 2", cancellationToken, StoreText.Safe(id)));
        return found switch
        {
            [] => null,
            [var one] => one,
            [var exact, ..] when string.Equals(exact.Id, id, StringComparison.Ordinal) => exact,
            [var first, var second, ..] => throw new InvalidOperationException($"'{id}' is ambiguous: it starts the ids of several failed records, such as {first.Id} and {second.Id}; give more digits"),
        };
    }

    private static T[] Array<T>(FailedRecord[] records, Func<FailedRecord, T> value) => System.Array.ConvertAll(records, r => value(r));

    private static List<FailedRecord> Read(List<object?[]> rows) => rows.ConvertAll(row => new FailedRecord
    {
        Id = (string)row[0]!,
        PipelineName = (string)row[1]!,
        Stream = (string)row[2]!,
        RunId = (string)row[3]!,
        Reason = (string)row[4]!,
        Payload = (byte[])row[5]!,
        FailedAt = StoreText.Time(row[6])!.Value,
        Attempts = (long)row[7]!,
        Status = StoreText.Value<FailedRecordStatus>(row[8]),
        ClosedAt = StoreText.Time(row[9]),
    });
}
