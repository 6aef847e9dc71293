using SQLitePCL;
using Tidemark.Destinations;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Tables;

/// <summary>What makes the primary key unique in a table that somebody else made.</summary>
internal static class KeyIndex
{
    /// <summary>Creates a unique index unless the table's key or an index of it is unique over exactly these columns.</summary>
    public static void Ensure(Database database, TableShape shape, IReadOnlyList<string> key)
    {
        if (Same(shape.Columns.Where(c => c.KeyPosition > 0).Select(c => c.Name), key)) return;
        if (IndexShape.Read(database, shape.Name).Exists(i => i.Unique && Same(i.Columns, key))) return;
        try
        {
            database.Execute($"CREATE UNIQUE INDEX {Sql.Quote("_tidemark_key_" + StableHash.Of(shape.Name.ToUpperInvariant(), string.Join('\0', key)))} ON {Sql.Quote(shape.Name)}({Sql.List(key)})");
        }
        catch (SqliteError e) when ((e.Code & 0xff) == raw.SQLITE_CONSTRAINT)
        {
            throw new DestinationException(DestinationFault.Fatal,
                $"the table '{shape.Name}' has several rows with the same {string.Join(", ", key)}, which is to be its primary key: remove the extra rows, or name another primary_key", e);
        }
    }

    private static bool Same(IEnumerable<string> columns, IReadOnlyList<string> key)
    {
        var list = columns.ToList();
        return list.Count == key.Count && list.TrueForAll(c => key.Any(k => Sql.SameName(c, k)));
    }
}
