using Tidemark.Destinations;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Tables;

/// <summary>A table as the database describes it.</summary>
/// <param name="Name">Its name, in the case that it was made with.</param>
/// <param name="Statement">How it was made.</param>
/// <param name="Columns">Its columns.</param>
internal sealed record TableShape(string Name, CreateTable Statement, IReadOnlyList<ShapeColumn> Columns)
{
    /// <summary>Reads it; null if there is no such table.</summary>
    /// <exception cref="DestinationException">There is something else of that name.</exception>
    public static TableShape? Read(Database database, string name)
    {
        var rows = database.Rows("SELECT type, name, sql FROM sqlite_schema WHERE type IN ('table', 'view') AND name = ?1 COLLATE NOCASE", name);
        if (rows.Count == 0) return null;
        var (kind, actual, sql) = ((string)rows[0][0]!, (string)rows[0][1]!, (string)rows[0][2]!);
        if (kind == "view") throw new DestinationException(DestinationFault.Fatal, $"found a view '{actual}' in '{database.Path}', expected a table: name another table, or drop the view");
        if (sql.StartsWith("CREATE VIRTUAL", StringComparison.OrdinalIgnoreCase))
            throw new DestinationException(DestinationFault.Fatal, $"found a virtual table '{actual}' in '{database.Path}', expected an ordinary one: name another table");
        var columns = database.Rows("SELECT name, type, \"notnull\", pk, hidden FROM pragma_table_xinfo(?1) ORDER BY cid", actual)
            .ConvertAll(r => new ShapeColumn((string)r[0]!, (string)r[1]!, r[2] is not 0L, (int)(long)r[3]!, r[4] is not 0L));
        return new TableShape(actual, new CreateTable(sql), columns);
    }

    /// <summary>The column of a name, as SQLite compares names.</summary>
    public ShapeColumn? Find(string column) => Columns.FirstOrDefault(c => Sql.SameName(c.Name, column));
}

/// <summary>A column as the database describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Declared">Its declared type.</param>
/// <param name="NotNull">True if it refuses null.</param>
/// <param name="KeyPosition">Its place in the primary key, from 1; 0: none.</param>
/// <param name="Generated">True if it can't be written.</param>
internal sealed record ShapeColumn(string Name, string Declared, bool NotNull, int KeyPosition, bool Generated);
