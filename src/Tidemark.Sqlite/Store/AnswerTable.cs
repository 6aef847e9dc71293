using System.Text.Json;
using Microsoft.Data.Sqlite;
using Tidemark.Enrichment;

namespace Tidemark.Sqlite.Store;

/// <summary>The answers of enrichment in a store.</summary>
internal static class AnswerTable
{
    /// <summary>Keeps answers; of two with one id the later one stays.</summary>
    public static async Task KeepAsync(SqliteConnection connection, IReadOnlyList<KeptAnswer> answers, CancellationToken cancellationToken)
    {
        await using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var answer in answers)
        {
            await using var command = Command.Of(connection,
                """
                INSERT INTO enrichments(id, answer, expires_at, asked_by) VALUES($id, $answer, $expires, $by)
                ON CONFLICT(id) DO UPDATE SET answer = excluded.answer, expires_at = excluded.expires_at, asked_by = excluded.asked_by
                """,
                ("$id", answer.Id), ("$answer", answer.Json.ToArray()), ("$expires", Command.Of(answer.ExpiresAt)), ("$by", answer.AskedBy));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Those of some ids that are there and have not expired.</summary>
    public static async Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> FindAsync(SqliteConnection connection, IReadOnlyCollection<string> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // One parameter however many there are: SQLite bounds the number of parameters.
        await using var command = Command.Of(connection, "SELECT id, answer FROM enrichments WHERE expires_at > $now AND id IN (SELECT value FROM json_each($ids))",
            ("$now", Command.Of(now)), ("$ids", JsonSerializer.Serialize(ids)));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken)) found[row.GetString(0)] = row.GetFieldValue<byte[]>(1);
        return found;
    }

    /// <summary>How many of a stream's have not expired.</summary>
    public static async Task<long> CountAsync(SqliteConnection connection, string askedBy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection, "SELECT count(*) FROM enrichments WHERE asked_by = $by AND expires_at > $now", ("$by", askedBy), ("$now", Command.Of(now)));
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Deletes what has expired.</summary>
    public static async Task PurgeAsync(SqliteConnection connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection, "DELETE FROM enrichments WHERE expires_at <= $now", ("$now", Command.Of(now)));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
