using Microsoft.Data.Sqlite;
using Tidemark.Failures;

namespace Tidemark.Sqlite.Store;

/// <summary>The failed records of a store.</summary>
internal static class FailedRecordTable
{
    private const string Columns = "id, pipeline, stream, run_id, reason, payload, failed_at";

    /// <summary>Keeps records; those that are there already are open again.</summary>
    public static async Task AddAsync(SqliteConnection connection, IReadOnlyList<FailedRecord> records, CancellationToken cancellationToken)
    {
        await using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var record in records)
        {
            await using var command = Command.Of(connection,
                $"""
                INSERT INTO failed_records({Columns}) VALUES($id, $pipeline, $stream, $run, $reason, $payload, $at)
                ON CONFLICT(id) DO UPDATE SET run_id = excluded.run_id, reason = excluded.reason, payload = excluded.payload, failed_at = excluded.failed_at, attempts = attempts + 1, status = 'open'
                """,
                ("$id", record.Id), ("$pipeline", record.PipelineName), ("$stream", record.Stream), ("$run", record.RunId), ("$reason", record.Reason),
                ("$payload", record.Payload.ToArray()), ("$at", Command.Of(record.FailedAt)));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The open ones, newest first.</summary>
    public static async Task<IReadOnlyList<FailedRecord>> ListAsync(SqliteConnection connection, string pipeline, string? stream, int limit, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection,
            $"SELECT {Columns} FROM failed_records WHERE pipeline = $pipeline AND status = 'open' AND ($stream IS NULL OR stream = $stream) ORDER BY failed_at DESC, rowid DESC LIMIT $limit",
            ("$pipeline", pipeline), ("$stream", stream), ("$limit", limit));
        return await ReadAsync(command, cancellationToken);
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
            });
        }
        return records;
    }
}
