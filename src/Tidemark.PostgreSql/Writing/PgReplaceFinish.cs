using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>Puts what a complete full scan has set aside in the place of all rows. The table stays itself: its indexes, triggers, views and columns; who reads it meanwhile sees the old rows.</summary>
/// <remarks>
/// The caller's savepoint undoes all of it when a guard holds.
/// 1. Make the table hold what was set aside.
/// 2. Count what would be lost: with a key the keys that are not set aside, without one the difference in number; failed records count as seen.
/// 3. Guards: an empty result, and more rows lost than max_delete allows.
/// 4. Delete, insert, forget what was set aside.
/// </remarks>
internal static class PgReplaceFinish
{
    /// <summary>Does it.</summary>
    /// <returns>How many rows were lost.</returns>
    public static async Task<long> RunAsync(PgStreamTables tables, FinishOptions options, CancellationToken cancellationToken)
    {
        var (session, main, stage) = (tables.Session, tables.Main, tables.Stage);
        // 1.
        var isNew = !main.Exists;
        if (stage.Exists) await main.EnsureAsync(await ArrivalsAsync(session, main, stage, cancellationToken), cancellationToken);
        if (stage.Exists && isNew) await main.EnsurePartitionsAsync(stage, cancellationToken);
        // 2.
        var before = await CountAsync(session, main, cancellationToken);
        var after = await CountAsync(session, stage, cancellationToken);
        var lost = before == 0 ? 0 : after == 0 ? before : await LostAsync(tables, before, after, cancellationToken);
        // 3.
        if (before > 0 && after == 0 && !(options.AllowEmpty && options.FailedRecords == 0)) throw FinishGuards.Empty(main.Name.Name, before, options);
        FinishGuards.CheckLoss(main.Name.Name, before, Math.Max(0, lost - options.FailedRecords), after == 0, options);
        // 4.
        await ExchangeAsync(session, main, stage, before, cancellationToken);
        await stage.DropAsync(cancellationToken);
        return lost;
    }

    private static async Task<long> CountAsync(Session session, PgTable table, CancellationToken cancellationToken) =>
        table.Exists ? (long)(await session.ScalarAsync($"SELECT count(*) FROM {table.Name.Quoted}", cancellationToken))! : 0;

    private static async Task<long> LostAsync(PgStreamTables tables, long before, long after, CancellationToken cancellationToken)
    {
        var (main, stage) = (tables.Main, tables.Stage);
        if (tables.Key.Count == 0 || !tables.Key.All(main.Fields.ContainsKey)) return Math.Max(0, before - after);
        // What was set aside, in the types of the table that takes it.
        var equal = main.Key.Zip(stage.Key, (m, s) => $"{Value(s, m, "s.")} = m.{PgSql.Quote(m.Name)}");
        return (long)(await tables.Session.ScalarAsync(
            $"SELECT count(*) FROM {main.Name.Quoted} AS m WHERE NOT EXISTS(SELECT FROM {stage.Name.Quoted} AS s WHERE {string.Join(" AND ", equal)})", cancellationToken))!;
    }

    private static async Task ExchangeAsync(Session session, PgTable main, PgTable stage, long before, CancellationToken cancellationToken)
    {
        try
        {
            if (before > 0) await session.ExecuteAsync($"DELETE FROM {main.Name.Quoted}", cancellationToken);
            if (!stage.Exists) return;
            var columns = stage.Fields.Where(f => main.Fields.ContainsKey(f.Key)).Select(f => (From: f.Value, To: main.Fields[f.Key])).ToList();
            await session.ExecuteAsync(
                $"INSERT INTO {main.Name.Quoted}({PgSql.List(columns.Select(c => c.To.Name))}) SELECT {string.Join(", ", columns.Select(c => Value(c.From, c.To, "")))} FROM {stage.Name.Quoted}", cancellationToken);
        }
        catch (PgError e) when (e.Fault == DestinationFault.Record)
        {
            throw new DestinationException(DestinationFault.Fatal, $"the table '{main.Name.Name}' can't take the new rows; its old ones stay: {e.Message}", e);
        }
    }

    private static string Value(PgColumn from, PgColumn to, string prefix)
    {
        var column = prefix + PgSql.Quote(from.Name);
        if (string.Equals(from.SqlType, to.SqlType, StringComparison.Ordinal)) return column;
        if (from.Type is { } ours && to.Type is { } wider) return Widening.Expression(column, ours, wider);
        return to.Type is null ? ColumnSql.Value($"{column}::text", to) : $"{column}::text::{to.SqlType}";
    }

    private static async Task<List<PgArrival>> ArrivalsAsync(Session session, PgTable main, PgTable stage, CancellationToken cancellationToken)
    {
        var arrivals = new List<PgArrival>();
        foreach (var (field, column) in stage.Fields)
        {
            if (column.Type is not { } type)
            {
                // Taken over from the table itself when what is set aside was begun.
                if (!main.Fields.ContainsKey(field)) arrivals.Add(new PgArrival(field, ColumnType.Text, CellKinds.Text));
                continue;
            }
            var seen = type switch
            {
                ColumnType.Decimal => CellKinds.Decimal,
                ColumnType.Bigint when await session.ScalarAsync(Widening.ExceedsDoubleSql(stage.Name, PgSql.Quote(column.Name)), cancellationToken) is true => CellKinds.LargeInteger,
                ColumnType.Bigint => CellKinds.Integer,
                _ => CellKinds.None,
            };
            arrivals.Add(new PgArrival(field, type, seen));
        }
        return arrivals;
    }
}
