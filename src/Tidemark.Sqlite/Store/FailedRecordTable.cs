using System.Text.Json;
using Microsoft.Data.Sqlite;
using Tidemark.Failures;

namespace Tidemark.Sqlite.Store;

/// <summary>The failed records of a store.</summary>
internal static class FailedRecordTable
{
    private const string Columns = "id, pipeline, stream, run_id, reason, payload, failed_at, attempts, status, closed_at";

    /// <summary>How many are deleted in one transaction.</summary>
    private const int MostPurged = 5000;

    /// <summary>Keeps records; those that are there already are open again.</summary>
    public static async Task AddAsync(SqliteConnection connection, IReadOnlyList<FailedRecord> records, CancellationToken cancellationToken)
    {
        await using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var record in records)
        {
            await using var command = Command.Of(connection,
                """
                INSERT INTO failed_records(id, pipeline, stream, run_id, reason, payload, failed_at) VALUES($id, $pipeline, $stream, $run, $reason, $payload, $at)
                ON CONFLICT(id) DO UPDATE SET run_id = excluded.run_id, reason = excluded.reason, payload = excluded.payload, failed_at = excluded.failed_at, attempts = attempts + 1, status = 'open', closed_at = NULL
                """,
                ("$id", record.Id), ("$pipeline", record.PipelineName), ("$stream", record.Stream), ("$run", record.RunId), ("$reason", record.Reason),
                ("$payload", record.Payload.ToArray()), ("$at", Command.Of(record.FailedAt)));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Failed records, newest first.</summary>
    public static async Task<IReadOnlyList<FailedRecord>> ListAsync(
        SqliteConnection connection, string pipeline, string? stream, FailedRecordStatus? status, int limit, string? before, CancellationToken cancellationToken)
    {
        // Said only where it is asked for: so the index gives those of one status in their order, however many there are.
        await using var command = Command.Of(connection,
            $"""
            SELECT {Columns} FROM failed_records
            WHERE pipeline = $pipeline
                {(status is null ? "" : "AND status = $status")}
                {(stream is null ? "" : "AND stream = $stream")}
                {(before is null ? "" : "AND (failed_at, rowid) < (SELECT failed_at, rowid FROM failed_records WHERE id = $before)")}
            ORDER BY failed_at DESC, rowid DESC LIMIT $limit
            """,
            ("$pipeline", pipeline), ("$stream", stream), ("$status", status is { } one ? Command.Of(one) : null), ("$limit", limit), ("$before", before));
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>All open ones, in the order in which they failed last.</summary>
    public static async Task<IReadOnlyList<OpenRecord>> ListOpenAsync(SqliteConnection connection, string pipeline, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection, "SELECT id, stream FROM failed_records WHERE pipeline = $pipeline AND status = 'open' ORDER BY failed_at, rowid", ("$pipeline", pipeline));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var open = new List<OpenRecord>();
        while (await row.ReadAsync(cancellationToken)) open.Add(new OpenRecord(row.GetString(0), row.GetString(1)));
        return open;
    }

    /// <summary>How many are open.</summary>
    public static async Task<long> CountOpenAsync(SqliteConnection connection, string pipeline, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection, "SELECT count(*) FROM failed_records WHERE pipeline = $pipeline AND status = 'open'", ("$pipeline", pipeline));
        return await command.ExecuteScalarAsync(cancellationToken) is long count ? count : 0;
    }

    /// <summary>Some of them by their ids.</summary>
    public static async Task<IReadOnlyList<FailedRecord>> GetAsync(SqliteConnection connection, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection, $"SELECT {Columns} FROM failed_records WHERE id IN (SELECT value FROM json_each($ids))", ("$ids", JsonSerializer.Serialize(ids)));
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Closes those that are open.</summary>
    public static async Task CloseAsync(SqliteConnection connection, IReadOnlyList<string> ids, FailedRecordStatus status, DateTimeOffset at, CancellationToken cancellationToken)
    {
        // One parameter however many there are: SQLite bounds the number of parameters.
        await using var command = Command.Of(connection,
            "UPDATE failed_records SET status = $status, closed_at = $at WHERE status = 'open' AND id IN (SELECT value FROM json_each($ids))",
            ("$status", Command.Of(status)), ("$at", Command.Of(at)), ("$ids", JsonSerializer.Serialize(ids)));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Deletes some of the closed ones; how many, 0 if none is left.</summary>
    public static async Task<long> PurgeSomeAsync(SqliteConnection connection, string pipeline, DateTimeOffset closedBefore, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection, "DELETE FROM failed_records WHERE rowid IN (SELECT rowid FROM failed_records WHERE pipeline = $pipeline AND status <> 'open' AND closed_at < $before LIMIT $most)",
            ("$pipeline", pipeline), ("$before", Command.Of(closedBefore)), ("$most", MostPurged));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>One of them by the first digits of its id.</summary>
    /// <exception cref="InvalidOperationException">Several start so.</exception>
    public static async Task<FailedRecord?> FindAsync(SqliteConnection connection, string id, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection, $"SELECT {Columns} FROM failed_records WHERE substr(id, 1, length($id)) = $id ORDER BY id <> $id, id LIMIT 2", ("$id", id));
        var found = await ReadAsync(command, cancellationToken);
        return found switch
        {
            [] => null,
            [var one] => one,
            [var exact, ..] when string.Equals(exact.Id, id, StringComparison.Ordinal) => exact,
            [var first, var second, ..] => throw new InvalidOperationException($"'{id}' is ambiguous: it starts the ids of several failed records, such as {first.Id} and {second.Id}; give more digits"),
        };
    }

    private static async Task<List<FailedRecord>> ReadAsync(SqliteCommand command, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var records = new List<FailedRecord>();
        while (await row.ReadAsync(cancellationToken))
        {
            records.Add(new FailedRecord
            {
                Id = row.GetString(0),
                PipelineName = row.GetString(1),
                Stream = row.GetString(2),
                RunId = row.GetString(3),
                Reason = row.GetString(4),
                Payload = row.GetFieldValue<byte[]>(5),
                FailedAt = Command.Time(row, 6),
                Attempts = row.GetInt64(7),
                Status = Command.Name<FailedRecordStatus>(row, 8),
                ClosedAt = row.IsDBNull(9) ? null : Command.Time(row, 9),
            });
        }
        return records;
    }
}
