using Tidemark.Enrichment;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Store;

/// <summary>The answers of enrichment in a store.</summary>
internal static class PgAnswerTable
{
    /// <summary>Keeps answers; of two with one id the later one stays.</summary>
    public static Task<long> KeepAsync(Session session, IReadOnlyList<KeptAnswer> answers, CancellationToken cancellationToken)
    {
        // A statement can't touch a row twice. Always in the same order, so that two who write the same ones do not block each other.
        var once = answers.GroupBy(a => a.Id, StringComparer.Ordinal).Select(g => g.Last()).OrderBy(a => a.Id, StringComparer.Ordinal).ToList();
        return session.ExecuteAsync(
            """
            INSERT INTO tidemark.enrichments(id, answer, expires_at, asked_by) SELECT * FROM unnest($1::text[], $2::bytea[], $3::timestamptz[], $4::text[])
            ON CONFLICT(id) DO UPDATE SET answer = excluded.answer, expires_at = excluded.expires_at, asked_by = excluded.asked_by
            """, cancellationToken,
            once.Select(a => a.Id).ToArray(), once.Select(a => a.Json.ToArray()).ToArray(), once.Select(a => a.ExpiresAt.UtcDateTime).ToArray(), once.Select(a => a.AskedBy).ToArray());
    }

    /// <summary>Those of some ids that are there and have not expired.</summary>
    public static async Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> FindAsync(Session session, IReadOnlyCollection<string> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync("SELECT id, answer FROM tidemark.enrichments WHERE expires_at > $1 AND id = ANY($2)", cancellationToken, now.UtcDateTime, ids.ToArray());
        return rows.ToDictionary(r => (string)r[0]!, r => (ReadOnlyMemory<byte>)(byte[])r[1]!, StringComparer.Ordinal);
    }

    /// <summary>How many of a stream's have not expired.</summary>
    public static async Task<long> CountAsync(Session session, string askedBy, DateTimeOffset now, CancellationToken cancellationToken) =>
        (long)(await session.ScalarAsync("SELECT count(*) FROM tidemark.enrichments WHERE asked_by = $1 AND expires_at > $2", cancellationToken, askedBy, now.UtcDateTime))!;

    /// <summary>Deletes what has expired.</summary>
    public static Task<long> PurgeAsync(Session session, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("DELETE FROM tidemark.enrichments WHERE expires_at <= $1", cancellationToken, now.UtcDateTime);
}
