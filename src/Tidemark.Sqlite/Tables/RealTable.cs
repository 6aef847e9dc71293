using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Tables;

/// <summary>Describes a table as it really is, for comparison with what is declared.</summary>
internal static class RealTable
{
    /// <summary>Null if there is none.</summary>
    public static TableDescription? Describe(Database database, string table)
    {
        if (TableShape.Read(database, table) is not { } shape) return null;
        var map = ColumnMap.Exists(database) ? ColumnMap.Read(database, shape.Name) : [];
        return new TableDescription(
            shape.Name,
            [.. shape.Columns.Select(c => Describe(c, map.Find(m => Sql.SameName(m.Column, c.Name)), shape.Statement.Strict))],
            [.. shape.Columns.Where(c => c.KeyPosition > 0).OrderBy(c => c.KeyPosition).Select(c => c.Name)],
            [.. IndexShape.Read(database, shape.Name).Where(i => !i.IsKey).Select(i => new IndexDescription(i.Name, i.Columns, i.Unique))],
            database.Count($"SELECT count(*) FROM {Sql.Quote(shape.Name)}"))
        {
            LostColumns = map.Where(m => !shape.Columns.Any(c => Sql.SameName(c.Name, m.Column))).ToDictionary(m => m.Field, m => m.Column, StringComparer.Ordinal),
        };
    }

    private static ColumnDescription Describe(ShapeColumn column, (string? Field, string? Name, ColumnType? Recorded) map, bool strict)
    {
        // Several types of ours are declared alike; what was recorded tells them apart, unless somebody has declared the column anew.
        var isAsRecorded = map.Recorded is not null && Sql.SameName(DeclaredTypes.NameOf(map.Recorded, strict), column.Declared);
        return new ColumnDescription(column.Name, column.Declared, isAsRecorded ? map.Recorded : DeclaredTypes.TypeOf(column.Declared), !column.NotNull, map.Field, map.Recorded);
    }
}
