using System.Text.Json;
using Microsoft.Data.Sqlite;
using Tidemark.Runs;
using Tidemark.Telemetry;

namespace Tidemark.Sqlite.Store;

/// <summary>The runs of a store.</summary>
internal static class RunTable
{
    private const string Select = "SELECT run_id, pipeline, status, started_at, duration_ms, warnings FROM runs";

    /// <summary>Keeps a report.</summary>
    public static async Task AddAsync(SqliteConnection connection, RunReport report, CancellationToken cancellationToken)
    {
        await using var transaction = connection.BeginTransaction(deferred: false);
        await using var run = Command.Of(connection, "INSERT INTO runs(run_id, pipeline, status, started_at, duration_ms, warnings) VALUES($run, $pipeline, $status, $started, $duration, $warnings)",
            ("$run", report.RunId), ("$pipeline", report.PipelineName), ("$status", Command.Of(report.Status)), ("$started", Command.Of(report.StartedAt)),
            ("$duration", report.Duration.TotalMilliseconds), ("$warnings", JsonSerializer.Serialize(report.Warnings)));
        await run.ExecuteNonQueryAsync(cancellationToken);
        for (var i = 0; i < report.Streams.Count; i++)
        {
            var stream = report.Streams[i];
            await using var row = Command.Of(connection,
                """
                INSERT INTO run_streams(run_id, position, stream, status, mode, skipped, stopped_early, watermark_before, watermark_after, last_full_read, counts, error, failed_side, parked_until, rejected)
                VALUES($run, $position, $stream, $status, $mode, $skipped, $stopped, $before, $after, $full, $counts, $error, $side, $parked, $rejected)
                """,
                ("$run", report.RunId), ("$position", i), ("$stream", stream.Stream), ("$status", Command.Of(stream.Status)), ("$mode", Command.Of(stream.Mode)), ("$skipped", stream.Skipped),
                ("$stopped", stream.StoppedEarly), ("$before", stream.WatermarkBefore), ("$after", stream.WatermarkAfter), ("$full", stream.LastFullRead),
                ("$counts", JsonSerializer.Serialize(stream.Counts.ToDictionary(c => Command.Of(c.Key), c => c.Value, StringComparer.Ordinal))), ("$error", stream.Error),
                ("$side", stream.FailedSide is { } side ? Command.Of(side) : null), ("$parked", stream.ParkedUntil is { } parked ? Command.Of(parked) : null),
                ("$rejected", JsonSerializer.Serialize(stream.Rejected)));
            await row.ExecuteNonQueryAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The latest runs of a pipeline, newest first, without their warnings.</summary>
    public static async Task<IReadOnlyList<RunReport>> ListAsync(SqliteConnection connection, string pipeline, int limit, string? before, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection,
            $"""
            {Select}
            WHERE pipeline = $pipeline AND ($before IS NULL OR (started_at, run_id) < (SELECT started_at, run_id FROM runs WHERE run_id = $before))
            ORDER BY started_at DESC, run_id DESC LIMIT $limit
            """,
            ("$pipeline", pipeline), ("$limit", limit), ("$before", before));
        return [.. (await ReadAsync(connection, command, cancellationToken)).Select(r => r with { Warnings = [] })];
    }

    /// <summary>A run with its warnings.</summary>
    public static async Task<RunReport?> FindAsync(SqliteConnection connection, string pipeline, string runId, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection, $"{Select} WHERE pipeline = $pipeline AND run_id = $run", ("$pipeline", pipeline), ("$run", runId));
        return (await ReadAsync(connection, command, cancellationToken)).SingleOrDefault();
    }

    private static async Task<List<RunReport>> ReadAsync(SqliteConnection connection, SqliteCommand command, CancellationToken cancellationToken)
    {
        var reports = new List<RunReport>();
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await row.ReadAsync(cancellationToken))
            {
                reports.Add(new RunReport
                {
                    RunId = row.GetString(0),
                    PipelineName = row.GetString(1),
                    Status = Command.Name<RunStatus>(row, 2),
                    StartedAt = Command.Time(row, 3),
                    Duration = TimeSpan.FromMilliseconds(row.GetDouble(4)),
                    Warnings = JsonSerializer.Deserialize<List<string>>(row.GetString(5))!,
                    Streams = [],
                });
            }
        }
        for (var i = 0; i < reports.Count; i++) reports[i] = reports[i] with { Streams = await StreamsAsync(connection, reports[i].RunId, cancellationToken) };
        return reports;
    }

    private static async Task<IReadOnlyList<StreamReport>> StreamsAsync(SqliteConnection connection, string run, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection,
            """
            SELECT stream, status, mode, skipped, stopped_early, watermark_before, watermark_after, last_full_read, counts, error, failed_side, parked_until, rejected
            FROM run_streams WHERE run_id = $run ORDER BY position
            """, ("$run", run));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var streams = new List<StreamReport>();
        while (await row.ReadAsync(cancellationToken))
        {
            streams.Add(new StreamReport
            {
                Stream = row.GetString(0),
                Status = Command.Name<RunStatus>(row, 1),
                Mode = Command.Name<RunMode>(row, 2),
                Skipped = row.GetBoolean(3),
                StoppedEarly = Command.Text(row, 4),
                WatermarkBefore = Command.Text(row, 5),
                WatermarkAfter = Command.Text(row, 6),
                LastFullRead = row.IsDBNull(7) ? null : row.GetInt64(7),
                Counts = CountsOf(row.GetString(8)),
                Error = Command.Text(row, 9),
                FailedSide = row.IsDBNull(10) ? null : Command.Name<FailedSide>(row, 10),
                ParkedUntil = row.IsDBNull(11) ? null : Command.Time(row, 11),
                Rejected = JsonSerializer.Deserialize<OrderedDictionary<string, long>>(row.GetString(12))!,
            });
        }
        return streams;
    }

    // What an older version did not count is 0; what a newer one counts is left out.
    private static Dictionary<Counter, long> CountsOf(string json)
    {
        var kept = JsonSerializer.Deserialize<Dictionary<string, long>>(json) ?? [];
        return Enum.GetValues<Counter>().ToDictionary(c => c, c => kept.GetValueOrDefault(Command.Of(c)));
    }
}
