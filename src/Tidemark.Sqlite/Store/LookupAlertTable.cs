using Microsoft.Data.Sqlite;
using Tidemark.Lookups;

namespace Tidemark.Sqlite.Store;

/// <summary>Which alerts of lookups are on, and whether somebody was told. Who tells has it for a while.</summary>
internal static class LookupAlertTable
{
    // A change is taken by one, once what was before it is told or its teller is late; one that nobody has told in time is taken again.
    private const string IsFree = "(is_told OR held_until <= $clock) AND (is_on <> $on OR NOT is_told)";

    public static async Task<AlertSpan?> TakeAsync(SqliteConnection connection, string lookup, string alert, bool isOn, DateTimeOffset now, DateTimeOffset clock, TimeSpan held, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection,
            isOn
                ? $"""
                INSERT INTO lookup_alerts(lookup, alert, is_on, started_at, is_told, held_until) VALUES($lookup, $alert, $on, $now, false, $until)
                ON CONFLICT(lookup, alert) DO UPDATE SET started_at = CASE WHEN is_on THEN started_at ELSE excluded.started_at END, ended_at = NULL, is_on = true, is_told = false, held_until = excluded.held_until
                WHERE {IsFree}
                RETURNING started_at, ended_at
                """
                : $"""
                UPDATE lookup_alerts SET ended_at = CASE WHEN is_on THEN $now ELSE ended_at END, is_on = false, is_told = false, held_until = $until
                WHERE lookup = $lookup AND alert = $alert AND {IsFree}
                RETURNING started_at, ended_at
                """, ("$lookup", lookup), ("$alert", alert), ("$on", isOn), ("$now", Command.Of(now)), ("$clock", Command.Of(clock)), ("$until", Command.Of(clock + held)));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return null;
        return new AlertSpan(Command.Time(row, 0), row.IsDBNull(1) ? null : Command.Time(row, 1));
    }

    public static async Task EndAsync(SqliteConnection connection, string lookup, string alert, bool isOn, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection, "UPDATE lookup_alerts SET is_told = true WHERE lookup = $lookup AND alert = $alert AND is_on = $on", ("$lookup", lookup), ("$alert", alert), ("$on", isOn));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
