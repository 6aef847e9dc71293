using Tidemark.Records;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Tables;

/// <summary>
/// Which column a field of the data has, decided once and for all in <c>_tidemark_columns</c>. SQLite compares names without case, so that two fields may want the same column.
/// </summary>
internal static class ColumnMap
{
    public const string CreateSql =
        "CREATE TABLE IF NOT EXISTS _tidemark_columns(table_name TEXT NOT NULL, field TEXT NOT NULL, column_name TEXT NOT NULL, type TEXT, PRIMARY KEY(table_name, field))";

    private const string OurPrefix = "_tidemark_";

    /// <summary>True once a stream was written to this database.</summary>
    public static bool Exists(Database database) => database.Exists("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_tidemark_columns'");

    /// <summary>All fields of a table; a null type stands for a column that somebody else made.</summary>
    public static List<(string Field, string Column, ColumnType? Type)> Read(Database database, string table) =>
        database.Rows("SELECT field, column_name, type FROM _tidemark_columns WHERE table_name = ?1 COLLATE NOCASE ORDER BY rowid", table)
            .ConvertAll(r => ((string)r[0]!, (string)r[1]!, r[2] is string type ? Enum.Parse<ColumnType>(type, ignoreCase: true) : (ColumnType?)null));

    /// <summary>Gives a field its column. An entry of another field for it is of a column that somebody else has dropped: two fields would share one.</summary>
    public static void Write(Database database, string table, string field, string column, ColumnType? type)
    {
        database.Run("DELETE FROM _tidemark_columns WHERE table_name = ?1 COLLATE NOCASE AND column_name = ?3 COLLATE NOCASE AND field <> ?2", table, field, column);
        database.Run(
            "INSERT INTO _tidemark_columns(table_name, field, column_name, type) VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET column_name = excluded.column_name, type = excluded.type",
            table, field, column, type?.ToString().ToLowerInvariant());
    }

    public static void Forget(Database database, string table) => database.Run("DELETE FROM _tidemark_columns WHERE table_name = ?1 COLLATE NOCASE", table);

    /// <summary>The name that a field's new column gets: its own, or the first free one after it.</summary>
    /// <param name="field">The field.</param>
    /// <param name="isTaken">Tells whether a name is in use.</param>
    public static string NameFor(string field, Func<string, bool> isTaken)
    {
        // SQL text ends at a NUL; names with our prefix are ours.
        var name = field.Length == 0 ? "_empty" : field.Replace('\0', '_');
        if (name.StartsWith(OurPrefix, StringComparison.OrdinalIgnoreCase)) name += "_";
        if (!isTaken(name)) return name;
        var number = 2;
        while (isTaken($"{name}_{number}")) number++;
        return $"{name}_{number}";
    }
}
