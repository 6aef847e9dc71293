using System.Text;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;

namespace Tidemark.PostgreSql.Keeping;

/// <summary>A table of kept answers in a PostgreSQL database. Each call has a connection to itself.</summary>
/// <param name="sessions">Connections to it; they stay their owner's to dispose.</param>
/// <param name="schema">Where tables without a schema are.</param>
/// <param name="target">The table.</param>
internal sealed class PgLookupTable(SessionPool sessions, string schema, LookupTarget target) : ILookupTable
{
    private const string NoTable = "42P01";

    private readonly string _table = TableName.Parse(target.Table, schema).Quoted;
    private readonly string _find = FindOf(target, TableName.Parse(target.Table, schema).Quoted);

    public async Task<IReadOnlyList<KeptRow>> FindAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        var rows = await UseAsync<List<object?[]>>([], session => session.RowsAsync(_find, cancellationToken, [keys.ToArray()]), cancellationToken);
        return rows.ConvertAll(r => new KeptRow((string)r[0]!, Encoding.UTF8.GetBytes((string?)r[1] ?? "null"), TimeOf(r[2]), TimeOf(r[3]), (long)r[4]!));
    }

    public Task AddHitsAsync(IReadOnlyDictionary<string, long> hits, CancellationToken cancellationToken)
    {
        var (key, count) = (Name(LookupTarget.Key), Name(LookupTarget.HitCount));
        // Locked in order, so that two processes that count the same keys do not block each other.
        var sql = $"""
            WITH h AS (SELECT * FROM unnest($1::text[], $2::bigint[]) AS u(k, n)),
                 l AS MATERIALIZED (SELECT t.{key} AS k FROM {_table} AS t WHERE t.{key} = ANY($1) ORDER BY 1 FOR UPDATE)
            UPDATE {_table} AS t SET {count} = coalesce(t.{count}, 0) + h.n FROM h JOIN l ON l.k = h.k WHERE t.{key} = h.k
            """;
        return UseAsync(0L, session => session.ExecuteAsync(sql, cancellationToken, hits.Keys.ToArray(), hits.Values.ToArray()), cancellationToken);
    }

    public Task<long> DeleteAsync(DateTimeOffset? expiredBefore, int limit, CancellationToken cancellationToken) => UseAsync(0L, async session =>
    {
        var expires = Name(LookupTarget.ExpiresAt);
        string Sql(string where, string number) => $"DELETE FROM {_table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {_table} {where} LIMIT {number} FOR UPDATE SKIP LOCKED))";
        if (expiredBefore is not { } before) return await session.ExecuteAsync(Sql("", "$1"), cancellationToken, limit);
        var time = await HasZoneAsync(session, cancellationToken) ? "$1" : "($1 AT TIME ZONE 'UTC')";
        return await session.ExecuteAsync(Sql($"WHERE {expires} < {time}", "$2"), cancellationToken, before.UtcDateTime, limit);
    }, cancellationToken);

    public Task<KeptFigures> SummarizeAsync(DateTimeOffset now, DateTimeOffset overdueBefore, CancellationToken cancellationToken) => UseAsync(new KeptFigures(0, 0, 0, 0, 0), async session =>
    {
        var (expires, count) = ($"extract(epoch FROM {Name(LookupTarget.ExpiresAt)})", Name(LookupTarget.HitCount));
        var row = (await session.RowsAsync(
            $"SELECT count(*), coalesce(sum({count}), 0)::bigint, count(*) FILTER (WHERE {expires} <= $1), count(*) FILTER (WHERE {expires} < $2), pg_total_relation_size({PgSql.Literal(_table)}::regclass) FROM {_table}",
            cancellationToken, SecondsOf(now), SecondsOf(overdueBefore)))[0];
        return new KeptFigures((long)row[0]!, (long)row[1]!, (long)row[2]!, (long)row[3]!, (long)row[4]!);
    }, cancellationToken);

    public Task<IReadOnlyDictionary<string, long>> CountByAsync(string table, string column, CancellationToken cancellationToken) => UseAsync<IReadOnlyDictionary<string, long>>(
        new Dictionary<string, long>(StringComparer.Ordinal),
        async session => (await session.RowsAsync($"SELECT coalesce({Name(column)}::text, ''), count(*) FROM {TableName.Parse(table, schema).Quoted} GROUP BY 1", cancellationToken))
            .ToDictionary(r => (string)r[0]!, r => (long)r[1]!, StringComparer.Ordinal), cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string FindOf(LookupTarget target, string table)
    {
        var columns = string.Join(", ", target.Columns.Select(c => $"t.{Name(c.Name)}"));
        var value = target.IsWhole ? $"{columns}::text" : $"(SELECT row_to_json(v)::text FROM (SELECT {columns}) AS v)";
        // A time without a zone is taken as UTC, as it is written.
        return $"SELECT t.{Name(LookupTarget.Key)}, {value}, extract(epoch FROM t.{Name(LookupTarget.CreatedAt)})::float8, extract(epoch FROM t.{Name(LookupTarget.ExpiresAt)})::float8, coalesce(t.{Name(LookupTarget.HitCount)}, 0)::bigint FROM {table} AS t WHERE t.{Name(LookupTarget.Key)} = ANY($1)";
    }

    private static string Name(string column) => PgSql.Quote(column);

    private static DateTimeOffset TimeOf(object? seconds) => seconds is double number && double.IsFinite(number) && Math.Abs(number) < 2e11
        ? DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(number * 1_000_000) * TimeSpan.TicksPerMicrosecond)
        : DateTimeOffset.MinValue;

    private static double SecondsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    private async Task<bool> HasZoneAsync(Session session, CancellationToken cancellationToken) => await session.ScalarAsync(
        "SELECT atttypid = 'timestamptz'::regtype FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2", cancellationToken, _table, LookupTarget.ExpiresAt) is true;

    // A table that is not there is empty.
    private async Task<T> UseAsync<T>(T nothing, Func<Session, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            return await sessions.UseAsync(use, cancellationToken);
        }
        catch (PgError e) when (e.State == NoTable)
        {
            return nothing;
        }
    }
}
