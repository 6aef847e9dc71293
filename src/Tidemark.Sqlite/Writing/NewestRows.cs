using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sqlite.Leases;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Writing;

/// <summary>A look at the newest rows of a table.</summary>
internal static class NewestRows
{
    /// <summary>Reads them: by the cursor column where there is one, else by order of insertion.</summary>
    public static TableSample Read(Database database, StreamTarget target, int limit)
    {
        var shape = TableShape.Read(database, target.Table)
            ?? throw new DestinationException(DestinationFault.Fatal, $"the table '{target.Table}' does not exist in '{database.Path}' yet: run the stream first");
        var map = CheckpointTable.Exists(database) ? ColumnMap.Read(database, shape.Name) : [];
        var columns = shape.Columns.Where(c => !c.Name.StartsWith("_tidemark_", StringComparison.OrdinalIgnoreCase)).ToList();
        var types = columns.ConvertAll(c => map.Find(m => Sql.SameName(m.Column, c.Name)).Type ?? DeclaredTypes.TypeOf(c.Declared));
        var cursor = target.CursorField is null ? null
            : shape.Find(map.Find(m => string.Equals(m.Field, target.CursorField, StringComparison.Ordinal)).Column ?? target.CursorField)?.Name;
        var order = cursor is not null ? $"{Sql.Quote(cursor)} DESC" : shape.Statement.WithoutRowId ? "1" : "rowid DESC";
        var table = Sql.Quote(shape.Name);
        var rows = columns.Count == 0 ? [] : database.Rows($"SELECT {Sql.List(columns.Select(c => c.Name))} FROM {table} ORDER BY {order} LIMIT ?1", limit);
        return new TableSample(
            [.. columns.Select(c => c.Name)],
            [.. rows.Select(r => (IReadOnlyList<object?>)[.. r.Select((v, i) => types[i] == ColumnType.Boolean && v is 0L or 1L ? v is 1L : v)])],
            database.Count($"SELECT count(*) FROM {table}"));
    }
}
