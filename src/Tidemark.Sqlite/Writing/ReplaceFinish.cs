using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Writing;

/// <summary>Puts what a complete full scan has set aside in the place of all rows. The table stays itself: its indexes, triggers, views and columns.</summary>
/// <remarks>
/// The caller's savepoint undoes all of it when a guard holds.
/// 1. Make the table hold what was set aside.
/// 2. Count what would be lost: with a key the keys that are not set aside, without one the difference in number; failed records count as seen.
/// 3. Guards: an empty result, and more rows lost than max_delete allows.
/// 4. Delete, insert, forget what was set aside.
/// </remarks>
internal static class ReplaceFinish
{
    /// <summary>Does it.</summary>
    /// <returns>How many rows were lost.</returns>
    public static long Run(Database database, StreamTables tables, FinishOptions options)
    {
        var (main, stage) = (tables.Main, tables.Stage);
        // 1.
        if (stage.Exists) main.Ensure([.. stage.Fields.Select(f => ArrivalOf(database, stage, f.Key, f.Value))]);
        // 2.
        var before = main.Exists ? database.Count($"SELECT count(*) FROM {Sql.Quote(main.Name)}") : 0;
        var after = stage.Exists ? database.Count($"SELECT count(*) FROM {Sql.Quote(stage.Name)}") : 0;
        var lost = before == 0 ? 0 : after == 0 ? before : Lost(database, tables, before, after);
        // 3.
        if (before > 0 && after == 0 && !(options.AllowEmpty && options.FailedRecords == 0)) throw FinishGuards.Empty(main.Name, before, options);
        FinishGuards.CheckLoss(main.Name, before, Math.Max(0, lost - options.FailedRecords), after == 0, options);
        if (!stage.Exists)
        {
            if (before > 0) database.Execute($"DELETE FROM {Sql.Quote(main.Name)}");
            return lost;
        }
        // 4.
        Exchange(database, main, stage);
        stage.Drop();
        return lost;
    }

    private static long Lost(Database database, StreamTables tables, long before, long after)
    {
        var (main, stage) = (tables.Main, tables.Stage);
        if (tables.Key.Count == 0 || !tables.Key.All(main.Fields.ContainsKey)) return Math.Max(0, before - after);
        var equal = main.Key.Zip(stage.Key, (m, s) => $"s.{Sql.Quote(s.Name)} = m.{Sql.Quote(m.Name)}");
        return database.Count($"SELECT count(*) FROM {Sql.Quote(main.Name)} AS m WHERE NOT EXISTS (SELECT 1 FROM {Sql.Quote(stage.Name)} AS s WHERE {string.Join(" AND ", equal)})");
    }

    private static void Exchange(Database database, SqliteTable main, SqliteTable stage)
    {
        var columns = stage.Fields.Select(f => (From: f.Value, To: main.Fields[f.Key])).ToList();
        var values = columns.Select(c => ConversionFunctions.Expression(Sql.Quote(c.From.Name), c.From.Type, c.To.Type));
        try
        {
            // Rows that others refer to are gone for a moment.
            database.Execute("PRAGMA defer_foreign_keys=ON");
            database.Execute($"DELETE FROM {Sql.Quote(main.Name)}");
            database.Execute($"INSERT INTO {Sql.Quote(main.Name)}({Sql.List(columns.Select(c => c.To.Name))}) SELECT {string.Join(", ", values)} FROM {Sql.Quote(stage.Name)}{(stage.Statement!.WithoutRowId ? "" : " ORDER BY rowid")}");
        }
        catch (SqliteError e) when (e.Fault == DestinationFault.Record)
        {
            throw new DestinationException(DestinationFault.Fatal, $"the table '{main.Name}' can't take the new rows; its old ones stay: {e.Message}", e);
        }
    }

    private static Arrival ArrivalOf(Database database, SqliteTable stage, string field, TableColumn column)
    {
        var value = Sql.Quote(column.Name);
        bool Any(string condition) => database.Exists($"SELECT 1 FROM {Sql.Quote(stage.Name)} WHERE {condition} LIMIT 1");
        var seen = CellKinds.None;
        if (column.Type == ColumnType.Bigint && Any($"{value} > 9007199254740992 OR {value} < -9007199254740992")) seen |= CellKinds.LargeInteger;
        if (column.Type == ColumnType.Decimal && Any($"typeof({value}) = 'text'")) seen |= CellKinds.Decimal;
        return new Arrival(field, column.Type, seen, () => !Any($"{value} IS NOT NULL AND {value} NOT GLOB '[0-9][0-9][0-9][0-9]-*'"));
    }
}
