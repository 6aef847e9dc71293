using Npgsql;
using NpgsqlTypes;
using Tidemark.PostgreSql.Native;
using Tidemark.Slices;

namespace Tidemark.PostgreSql.Store;

/// <summary>What a store knows of slices.</summary>
internal static class PgSliceTable
{
    /// <summary>Replaces those of a stream.</summary>
    public static async Task<bool> ReplaceAsync(Session session, string pipeline, string stream, IReadOnlyList<SliceState> slices, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("DELETE FROM tidemark.slices WHERE pipeline = $1 AND stream = $2", cancellationToken, pipeline, stream);
        await session.ExecuteAsync(
            """
            INSERT INTO tidemark.slices(pipeline, stream, slice, position, status, attempts, records_read, records_failed, error, started_at, ended_at)
            SELECT $1, $2, s.slice, s.number - 1, s.status, s.attempts, s.records_read, s.records_failed, s.error, s.started_at, s.ended_at
            FROM unnest($3::text[], $4::text[], $5::integer[], $6::bigint[], $7::bigint[], $8::text[], $9::timestamptz[], $10::timestamptz[])
                WITH ORDINALITY AS s(slice, status, attempts, records_read, records_failed, error, started_at, ended_at, number)
            """, cancellationToken, pipeline, stream,
            slices.Select(s => s.Slice).ToArray(), slices.Select(s => StoreText.Of(s.Status)).ToArray(), slices.Select(s => s.Attempts).ToArray(), slices.Select(s => s.Read).ToArray(),
            slices.Select(s => s.Failed).ToArray(), slices.Select(s => StoreText.Safe(s.Error)).ToArray(), slices.Select(s => StoreText.Of(s.StartedAt)).ToArray(), slices.Select(s => StoreText.Of(s.EndedAt)).ToArray());
        return true;
    }

    /// <summary>Changes one of them.</summary>
    public static Task<long> UpdateAsync(Session session, string pipeline, string stream, SliceState slice, CancellationToken cancellationToken) => session.ExecuteAsync(
        """
        UPDATE tidemark.slices SET status = $4, attempts = $5, records_read = $6, records_failed = $7, error = $8, started_at = $9, ended_at = $10
        WHERE pipeline = $1 AND stream = $2 AND slice = $3
        """, cancellationToken, pipeline, stream, slice.Slice, StoreText.Of(slice.Status), slice.Attempts, slice.Read, slice.Failed,
        Typed(NpgsqlDbType.Text, StoreText.Safe(slice.Error)), Typed(NpgsqlDbType.TimestampTz, StoreText.Of(slice.StartedAt)), Typed(NpgsqlDbType.TimestampTz, StoreText.Of(slice.EndedAt)));

    /// <summary>All of a pipeline, a line a stream.</summary>
    public static async Task<IReadOnlyList<SliceStatistics>> SummarizeAsync(Session session, string pipeline, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync(
            """
            SELECT stream, count(*) FILTER (WHERE status = 'pending'), count(*) FILTER (WHERE status = 'running'), count(*) FILTER (WHERE status = 'done'),
                count(*) FILTER (WHERE status = 'failed'), sum(records_read)::bigint, sum(records_failed)::bigint, sum(attempts)
            FROM tidemark.slices WHERE pipeline = $1 GROUP BY stream ORDER BY stream COLLATE "C"
            """, cancellationToken, pipeline);
        return rows.ConvertAll(r => new SliceStatistics((string)r[0]!, (long)r[1]!, (long)r[2]!, (long)r[3]!, (long)r[4]!, (long)r[5]!, (long)r[6]!, (long)r[7]!));
    }

    /// <summary>Those of a stream, in order.</summary>
    public static async Task<IReadOnlyList<SliceState>> ListAsync(Session session, string pipeline, string stream, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync(
            """
            SELECT slice, status, attempts, records_read, records_failed, error, started_at, ended_at FROM tidemark.slices
            WHERE pipeline = $1 AND stream = $2 ORDER BY position
            """, cancellationToken, pipeline, stream);
        return rows.ConvertAll(r => new SliceState((string)r[0]!, StoreText.Value<SliceStatus>(r[1]))
        {
            Attempts = (int)r[2]!,
            Read = (long)r[3]!,
            Failed = (long)r[4]!,
            Error = (string?)r[5],
            StartedAt = StoreText.Time(r[6]),
            EndedAt = StoreText.Time(r[7]),
        });
    }

    private static NpgsqlParameter Typed(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}
