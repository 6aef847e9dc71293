using System.Text.Json;
using Tidemark.PostgreSql.Native;
using Tidemark.Runs;
using Tidemark.Telemetry;

namespace Tidemark.PostgreSql.Store;

/// <summary>The runs of a store.</summary>
internal static class PgRunTable
{
    private const string Select = "SELECT run_id, pipeline, status, started_at, duration_ms, warnings::text FROM tidemark.runs";

    /// <summary>Keeps a report; one that is there already, as the answer to a commit was lost, stays.</summary>
    public static async Task<bool> AddAsync(Session session, RunReport report, CancellationToken cancellationToken)
    {
        var added = await session.ExecuteAsync(
            "INSERT INTO tidemark.runs(run_id, pipeline, status, started_at, duration_ms, warnings) VALUES($1, $2, $3, $4, $5, $6::jsonb) ON CONFLICT DO NOTHING", cancellationToken,
            report.RunId, report.PipelineName, StoreText.Of(report.Status), StoreText.Of(report.StartedAt), report.Duration.TotalMilliseconds, JsonSerializer.Serialize(report.Warnings.Select(StoreText.Safe)));
        if (added == 0) return false;
        for (var i = 0; i < report.Streams.Count; i++)
        {
            var stream = report.Streams[i];
            await session.ExecuteAsync(
                """
                INSERT INTO tidemark.run_streams(run_id, position, stream, status, mode, skipped, stopped_early, watermark_before, watermark_after, last_full_read, counts, error, failed_side, parked_until, rejected)
                VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12, $13, $14, $15::json)
                """, cancellationToken,
                report.RunId, i, stream.Stream, StoreText.Of(stream.Status), StoreText.Of(stream.Mode), stream.Skipped, StoreText.Safe(stream.StoppedEarly), StoreText.Safe(stream.WatermarkBefore),
                StoreText.Safe(stream.WatermarkAfter), stream.LastFullRead, JsonSerializer.Serialize(stream.Counts.ToDictionary(c => StoreText.Of(c.Key), c => c.Value, StringComparer.Ordinal)),
                StoreText.Safe(stream.Error), stream.FailedSide is { } side ? StoreText.Of(side) : null, StoreText.Of(stream.ParkedUntil), JsonSerializer.Serialize(stream.Rejected));
        }
        return true;
    }

    /// <summary>The latest runs of a pipeline, newest first, without their warnings.</summary>
    public static async Task<IReadOnlyList<RunReport>> ListAsync(Session session, string pipeline, int limit, string? before, CancellationToken cancellationToken)
    {
        var runs = await session.RowsAsync(
            $"""
            {Select}
            WHERE pipeline = $1 AND ($3::text IS NULL OR (started_at, run_id) < (SELECT started_at, run_id FROM tidemark.runs WHERE run_id = $3))
            ORDER BY started_at DESC, run_id DESC LIMIT $2
            """, cancellationToken, pipeline, limit, StoreText.Safe(before));
        return [.. (await WithStreamsAsync(session, runs, cancellationToken)).Select(r => r with { Warnings = [] })];
    }

    /// <summary>A run with its warnings.</summary>
    public static async Task<RunReport?> FindAsync(Session session, string pipeline, string runId, CancellationToken cancellationToken) =>
        (await WithStreamsAsync(session, await session.RowsAsync($"{Select} WHERE pipeline = $1 AND run_id = $2", cancellationToken, pipeline, StoreText.Safe(runId)), cancellationToken)).SingleOrDefault();

    private static async Task<IReadOnlyList<RunReport>> WithStreamsAsync(Session session, List<object?[]> runs, CancellationToken cancellationToken)
    {
        if (runs.Count == 0) return [];
        var streams = await session.RowsAsync(
            """
            SELECT run_id, stream, status, mode, skipped, stopped_early, watermark_before, watermark_after, last_full_read, counts::text, error, failed_side, parked_until, rejected::text
            FROM tidemark.run_streams WHERE run_id = ANY($1) ORDER BY position
            """, cancellationToken, [runs.Select(r => (string)r[0]!).ToArray()]);
        var byRun = streams.ToLookup(r => (string)r[0]!, StreamOf, StringComparer.Ordinal);
        return
        [
            .. runs.Select(r => new RunReport
            {
                RunId = (string)r[0]!,
                PipelineName = (string)r[1]!,
                Status = StoreText.Value<RunStatus>(r[2]),
                StartedAt = StoreText.Time(r[3])!.Value,
                Duration = TimeSpan.FromMilliseconds((double)r[4]!),
                Warnings = JsonSerializer.Deserialize<List<string>>((string)r[5]!)!,
                Streams = [.. byRun[(string)r[0]!]],
            }),
        ];
    }

    private static StreamReport StreamOf(object?[] row) => new()
    {
        Stream = (string)row[1]!,
        Status = StoreText.Value<RunStatus>(row[2]),
        Mode = StoreText.Value<RunMode>(row[3]),
        Skipped = (bool)row[4]!,
        StoppedEarly = (string?)row[5],
        WatermarkBefore = (string?)row[6],
        WatermarkAfter = (string?)row[7],
        LastFullRead = (long?)row[8],
        Counts = CountsOf((string)row[9]!),
        Error = (string?)row[10],
        FailedSide = row[11] is null ? null : StoreText.Value<FailedSide>(row[11]),
        ParkedUntil = StoreText.Time(row[12]),
        Rejected = JsonSerializer.Deserialize<OrderedDictionary<string, long>>((string)row[13]!)!,
    };

    // What an older version did not count is 0; what a newer one counts is left out.
    private static Dictionary<Counter, long> CountsOf(string json)
    {
        var kept = JsonSerializer.Deserialize<Dictionary<string, long>>(json) ?? [];
        return Enum.GetValues<Counter>().ToDictionary(c => c, c => kept.GetValueOrDefault(StoreText.Of(c)));
    }
}
