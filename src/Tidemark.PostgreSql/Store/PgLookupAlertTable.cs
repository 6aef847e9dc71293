using Tidemark.Lookups;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Store;

/// <summary>Which alerts of lookups are on, and whether somebody was told. Who tells has it for a while by the database's clock.</summary>
internal static class PgLookupAlertTable
{
    // A change is taken by one, once what was before it is told or its teller is late; one that nobody has told in time is taken again.
    private const string IsFree = "(a.is_told OR a.held_until <= clock_timestamp()) AND (a.is_on <> $3 OR NOT a.is_told)";

    public static async Task<AlertSpan?> TakeAsync(Session session, string lookup, string alert, bool isOn, DateTimeOffset now, TimeSpan held, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync(
            isOn
                ? $"""
                INSERT INTO tidemark.lookup_alerts AS a (lookup, alert, is_on, started_at, is_told, held_until) VALUES($1, $2, $3, $4, false, clock_timestamp() + $5)
                ON CONFLICT (lookup, alert) DO UPDATE SET started_at = CASE WHEN a.is_on THEN a.started_at ELSE excluded.started_at END, ended_at = NULL, is_on = true, is_told = false, held_until = excluded.held_until
                WHERE {IsFree}
                RETURNING started_at, ended_at
                """
                : $"""
                UPDATE tidemark.lookup_alerts AS a SET ended_at = CASE WHEN a.is_on THEN $4 ELSE a.ended_at END, is_on = false, is_told = false, held_until = clock_timestamp() + $5
                WHERE a.lookup = $1 AND a.alert = $2 AND {IsFree}
                RETURNING started_at, ended_at
                """, cancellationToken, lookup, alert, isOn, StoreText.Of(now), held);
        return rows.Count == 0 ? null : new AlertSpan(StoreText.Time(rows[0][0])!.Value, StoreText.Time(rows[0][1]));
    }

    public static Task<long> EndAsync(Session session, string lookup, string alert, bool isOn, CancellationToken cancellationToken) =>
        session.ExecuteAsync("UPDATE tidemark.lookup_alerts SET is_told = true WHERE lookup = $1 AND alert = $2 AND is_on = $3", cancellationToken, lookup, alert, isOn);
}
