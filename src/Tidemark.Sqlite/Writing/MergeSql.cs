using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Writing;

/// <summary>The statements that write a record. Parameters count from 1 in the order of the columns.</summary>
/// <param name="Table">The table.</param>
/// <param name="Columns">The columns that the record carries.</param>
/// <param name="Key">The primary key; empty: each record is a new row.</param>
/// <param name="Cursor">The column that orders versions, if the record carries it and older versions are held back.</param>
/// <param name="HasMarks">True if rows may be marked as deleted.</param>
internal sealed record MergeSql(string Table, IReadOnlyList<TableColumn> Columns, IReadOnlyList<TableColumn> Key, TableColumn? Cursor, bool HasMarks)
{
    private static readonly string DeletedAt = Sql.Quote(TableColumn.DeletedAt);

    private IEnumerable<TableColumn> Others => Columns.Where(c => !Key.Contains(c));

    /// <summary>Inserts, or updates the row of the same key if it differs and is not newer.</summary>
    /// <param name="rows">How many records: the parameters of one follow those of another. More than one must carry columns.</param>
    public string Insert(int rows = 1)
    {
        var values = $"({string.Join(", ", Columns.Select(_ => "?"))})";
        var insert = Columns.Count == 0
            ? $"INSERT INTO {Sql.Quote(Table)} DEFAULT VALUES"
            : $"INSERT INTO {Sql.Quote(Table)} AS old({Sql.List(Columns.Select(c => c.Name))}) VALUES{string.Join(", ", Enumerable.Repeat(values, rows))}";
        if (Key.Count == 0) return insert;
        var conflict = $"{insert} ON CONFLICT({Sql.List(Key.Select(k => k.Name))}) DO";
        return Others.Any() || HasMarks ? $"{conflict} UPDATE SET {Assignments(Excluded)} WHERE {Condition(Excluded)}" : $"{conflict} NOTHING";
    }

    /// <summary>Updates the row of the same key, for a record that lacks what a new row has to have; null if there is nothing to set.</summary>
    public string? Update() =>
        Others.Any() || HasMarks ? $"UPDATE {Sql.Quote(Table)} AS old SET {Assignments(Parameter)} WHERE {KeyIs(Parameter)} AND {Condition(Parameter)}" : null;

    /// <summary>Takes the mark away from a row; the parameters are the key's.</summary>
    public string Unmark() => $"UPDATE {Sql.Quote(Table)} AS old SET {DeletedAt} = NULL WHERE {KeyIs(KeyParameter)} AND {DeletedAt} IS NOT NULL";

    /// <summary>Tells whether the row is there; the parameters are the key's.</summary>
    public string Exists() => $"SELECT 1 FROM {Sql.Quote(Table)} AS old WHERE {KeyIs(KeyParameter)}";

    /// <summary>Asks for the number of the row; the parameters are the key's.</summary>
    /// <param name="rowId">What it is called: a column of the table may have taken the usual name.</param>
    public string RowId(string rowId) => $"SELECT {rowId} FROM {Sql.Quote(Table)} AS old WHERE {KeyIs(KeyParameter)}";

    private string Assignments(Func<TableColumn, string> value)
    {
        var all = Others.Select(c => $"{Sql.Quote(c.Name)} = {value(c)}");
        return string.Join(", ", HasMarks ? all.Append($"{DeletedAt} = NULL") : all);
    }

    // The comparison comes first: a record that changes nothing costs no call of a function. Collations of the user's must not make different texts equal.
    private string Condition(Func<TableColumn, string> value)
    {
        var different = Others.Select(c => $"old.{Sql.Quote(c.Name)} IS NOT {value(c)} COLLATE BINARY");
        if (HasMarks) different = different.Append($"old.{DeletedAt} IS NOT NULL");
        var guard = Cursor is null ? $"{CursorGuard.Met}()" : $"{CursorGuard.Newer}(old.{Sql.Quote(Cursor.Name)}, {value(Cursor)})";
        return $"({string.Join(" OR ", different)}) AND {guard}";
    }

    private string KeyIs(Func<TableColumn, string> value) => string.Join(" AND ", Key.Select(k => $"old.{Sql.Quote(k.Name)} = {value(k)}"));

    private static string Excluded(TableColumn column) => $"excluded.{Sql.Quote(column.Name)}";

    private string Parameter(TableColumn column) => $"?{Columns.ToList().IndexOf(column) + 1}";

    private string KeyParameter(TableColumn column) => $"?{Key.ToList().IndexOf(column) + 1}";
}
