using Microsoft.Data.Sqlite;
using Tidemark.Slices;

namespace Tidemark.Sqlite.Store;

/// <summary>What a store knows of slices.</summary>
internal static class SliceTable
{
    private const string Insert =
        """
        INSERT INTO slices(pipeline, stream, slice, position, status, attempts, records_read, records_failed, error, started_at, ended_at)
        VALUES($pipeline, $stream, $slice, $position, $status, $attempts, $read, $failed, $error, $started, $ended)
        """;

    private const string Update =
        """
        UPDATE slices SET status = $status, attempts = $attempts, records_read = $read, records_failed = $failed, error = $error, started_at = $started, ended_at = $ended
        WHERE pipeline = $pipeline AND stream = $stream AND slice = $slice
        """;

    /// <summary>Replaces those of a stream.</summary>
    public static async Task ReplaceAsync(SqliteConnection connection, string pipeline, string stream, IReadOnlyList<SliceState> slices, CancellationToken cancellationToken)
    {
        await using var transaction = connection.BeginTransaction(deferred: false);
        await using (var delete = Command.Of(connection, "DELETE FROM slices WHERE pipeline = $pipeline AND stream = $stream", ("$pipeline", pipeline), ("$stream", stream)))
            await delete.ExecuteNonQueryAsync(cancellationToken);
        foreach (var (position, slice) in slices.Index())
        {
            await using var insert = Of(connection, Insert, pipeline, stream, slice);
            insert.Parameters.AddWithValue("$position", position);
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Changes one of them.</summary>
    public static async Task UpdateAsync(SqliteConnection connection, string pipeline, string stream, SliceState slice, CancellationToken cancellationToken)
    {
        await using var update = Of(connection, Update, pipeline, stream, slice);
        await update.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>All of a pipeline, a line a stream.</summary>
    public static async Task<IReadOnlyList<SliceStatistics>> SummarizeAsync(SqliteConnection connection, string pipeline, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection,
            """
            SELECT stream, sum(status = 'pending'), sum(status = 'running'), sum(status = 'done'), sum(status = 'failed'), sum(records_read), sum(records_failed), sum(attempts)
            FROM slices WHERE pipeline = $pipeline GROUP BY stream ORDER BY stream
            """,
            ("$pipeline", pipeline));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var all = new List<SliceStatistics>();
        while (await row.ReadAsync(cancellationToken))
            all.Add(new SliceStatistics(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7)));
        return all;
    }

    /// <summary>Those of a stream, in order.</summary>
    public static async Task<IReadOnlyList<SliceState>> ListAsync(SqliteConnection connection, string pipeline, string stream, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection,
            """
            SELECT slice, status, attempts, records_read, records_failed, error, started_at, ended_at FROM slices
            WHERE pipeline = $pipeline AND stream = $stream ORDER BY position
            """,
            ("$pipeline", pipeline), ("$stream", stream));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var all = new List<SliceState>();
        while (await row.ReadAsync(cancellationToken))
        {
            all.Add(new SliceState(row.GetString(0), Command.Name<SliceStatus>(row, 1))
            {
                Attempts = row.GetInt32(2),
                Read = row.GetInt64(3),
                Failed = row.GetInt64(4),
                Error = Command.Text(row, 5),
                StartedAt = row.IsDBNull(6) ? null : Command.Time(row, 6),
                EndedAt = row.IsDBNull(7) ? null : Command.Time(row, 7),
            });
        }
        return all;
    }

    private static SqliteCommand Of(SqliteConnection connection, string sql, string pipeline, string stream, SliceState slice) => Command.Of(connection, sql,
        ("$pipeline", pipeline), ("$stream", stream), ("$slice", slice.Slice), ("$status", Command.Of(slice.Status)), ("$attempts", slice.Attempts), ("$read", slice.Read), ("$failed", slice.Failed),
        ("$error", slice.Error), ("$started", slice.StartedAt is { } started ? Command.Of(started) : null), ("$ended", slice.EndedAt is { } ended ? Command.Of(ended) : null));
}
