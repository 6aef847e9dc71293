using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Tables;

/// <summary>Gives columns of a table other types.</summary>
/// <remarks>
/// The procedure of SQLite's documentation, "Making Other Kinds Of Table Schema Changes", within the caller's transaction:
/// 1. With foreign keys held, DROP TABLE deletes the rows first and so reaches the tables that refer to this one. SQLite switches them off only outside of a transaction,
///    so the caller has to start over where that matters.
/// 2. Make the new table from the old one's own statement, with other types.
/// 3. Copy the rows with their row ids; where a column becomes text, each value becomes the text that JSON has for it.
/// 4. Keep the statements of indexes and triggers, and what AUTOINCREMENT has counted; they go with the old table. Views refer to the table by name and stay.
/// 5. Drop the old table and rename the new one. With legacy_alter_table, the views that have no table in between are not looked at.
/// 6. Make indexes and triggers again.
/// </remarks>
internal static class TableRebuild
{
    private static readonly string[] RowIdNames = ["rowid", "_rowid_", "oid"];

    /// <summary>True if it can't be done while foreign keys are held (1.).</summary>
    public static bool HasForeignKeysInTheWay(Database database, string table) => database.Count("PRAGMA foreign_keys") == 1 && database.Exists(
        "SELECT 1 FROM sqlite_schema AS s, pragma_foreign_key_list(s.name) AS f WHERE s.type = 'table' AND f.\"table\" = ?1 COLLATE NOCASE", table);

    /// <summary>Does it.</summary>
    /// <param name="database">The connection, in a transaction.</param>
    /// <param name="shape">The table.</param>
    /// <param name="changes">The columns that change, with the types that they get.</param>
    public static void Run(Database database, TableShape shape, IReadOnlyDictionary<TableColumn, ColumnType?> changes)
    {
        database.Execute("PRAGMA legacy_alter_table=ON");
        try
        {
            Replace(database, shape, changes);
        }
        catch (SqliteError e) when (e.Fault == DestinationFault.Record)
        {
            // No record is to blame: halving would only find each of them guilty.
            var columns = string.Join(", ", changes.Select(c => $"'{c.Key.Name}' ({c.Value})"));
            throw new DestinationException(DestinationFault.Fatal, $"the table '{shape.Name}' must get wider columns for what arrives, {columns}, but its rows or constraints do not allow it: {e.Message}", e);
        }
        finally
        {
            database.Execute("PRAGMA legacy_alter_table=OFF");
        }
    }

    private static void Replace(Database database, TableShape shape, IReadOnlyDictionary<TableColumn, ColumnType?> changes)
    {
        var (table, fresh) = (Sql.Quote(shape.Name), "_tidemark_new_" + StableHash.Of(shape.Name));
        // 2.
        database.Execute(shape.Statement.Rewrite(fresh, changes.ToDictionary(c => c.Key.Name, c => DeclaredTypes.NameOf(c.Value, shape.Statement.Strict), StringComparer.Ordinal)));
        // 3.
        var columns = shape.Columns.Where(c => !c.Generated).Select(c => c.Name).ToList();
        var values = columns.ConvertAll(c => Expression(c, changes));
        if (RowIdOf(shape, changes) is { } rowId)
        {
            columns.Insert(0, rowId);
            values.Insert(0, rowId);
        }
        database.Execute($"INSERT INTO {Sql.Quote(fresh)}({Sql.List(columns)}) SELECT {string.Join(", ", values)} FROM {table} ORDER BY {(shape.Statement.WithoutRowId ? "1" : RowIdOrOne(shape))}");
        // 4.
        var dependents = database.Rows("SELECT sql FROM sqlite_schema WHERE tbl_name = ?1 COLLATE NOCASE AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type, rowid", shape.Name);
        var counted = database.Exists("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'") ? database.Scalar("SELECT seq FROM sqlite_sequence WHERE name = ?1 COLLATE NOCASE", shape.Name) : null;
        // 5.
        database.Execute($"DROP TABLE {table}");
        database.Execute($"ALTER TABLE {Sql.Quote(fresh)} RENAME TO {table}");
        // 6.
        foreach (var dependent in dependents) database.Execute((string)dependent[0]!);
        if (counted is not null) database.Run("UPDATE sqlite_sequence SET seq = ?1 WHERE name = ?2 COLLATE NOCASE", counted, shape.Name);
    }

    private static string Expression(string column, IReadOnlyDictionary<TableColumn, ColumnType?> changes)
    {
        var change = changes.FirstOrDefault(c => Sql.SameName(c.Key.Name, column));
        return change.Key is null ? Sql.Quote(column) : ConversionFunctions.Expression(Sql.Quote(column), change.Key.Type, change.Value);
    }

    // A column that is the row id itself carries it already.
    private static string? RowIdOf(TableShape shape, IReadOnlyDictionary<TableColumn, ColumnType?> changes)
    {
        var key = shape.Columns.Where(c => c.KeyPosition > 0).ToList();
        var isAlias = key is [{ Declared: var declared }] && declared.Equals("INTEGER", StringComparison.OrdinalIgnoreCase);
        if (shape.Statement.WithoutRowId || (isAlias && !changes.Keys.Any(c => Sql.SameName(c.Name, key[0].Name)))) return null;
        return Array.Find(RowIdNames, n => shape.Find(n) is null);
    }

    private static string RowIdOrOne(TableShape shape) => Array.Find(RowIdNames, n => shape.Find(n) is null) ?? "1";
}
