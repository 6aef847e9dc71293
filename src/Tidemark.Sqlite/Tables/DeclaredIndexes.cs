using SQLitePCL;
using Tidemark.Destinations;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Tables;

/// <summary>Makes the indexes that the configuration asks for, each once all its columns are there.</summary>
/// <param name="database">The connection.</param>
/// <param name="indexes">What is asked for.</param>
/// <param name="log">Takes what was made.</param>
internal sealed class DeclaredIndexes(Database database, IReadOnlyList<TableIndex> indexes, SchemaLog log)
{
    private readonly List<TableIndex> _missing = [.. indexes];

    /// <summary>Begins anew: the table may have been changed by others, or by a rollback.</summary>
    public void Reset()
    {
        _missing.Clear();
        _missing.AddRange(indexes);
    }

    /// <summary>Makes those that can be made now. One that is there already counts, whoever made it.</summary>
    public void Ensure(SqliteTable table)
    {
        for (var i = _missing.Count - 1; i >= 0; i--)
        {
            var index = _missing[i];
            if (!index.Columns.All(table.Fields.ContainsKey)) continue;
            string[] columns = [.. index.Columns.Select(f => table.Fields[f].Name)];
            if (!IndexShape.Read(database, table.Name).Exists(there => (there.Unique || !index.Unique) && there.Columns.SequenceEqual(columns, StringComparer.OrdinalIgnoreCase))) Create(table, columns, index.Unique);
            _missing.RemoveAt(i);
        }
    }

    private void Create(SqliteTable table, string[] columns, bool unique)
    {
        var name = $"{table.Name}_{string.Join('_', columns)}_{(unique ? "key" : "idx")}";
        if (database.Exists("SELECT 1 FROM sqlite_schema WHERE name = ?1 COLLATE NOCASE", name)) name += "_" + StableHash.Of(table.Name, string.Join('\0', columns));
        table.Touched = true;
        try
        {
            database.Execute($"CREATE {(unique ? "UNIQUE " : "")}INDEX {Sql.Quote(name)} ON {Sql.Quote(table.Name)}({Sql.List(columns)})");
        }
        catch (SqliteError e) when ((e.Code & 0xff) == raw.SQLITE_CONSTRAINT)
        {
            throw new DestinationException(DestinationFault.Fatal,
                $"'{table.Name}' can't get a unique index on {string.Join(", ", columns)}: several of its rows have {Example(table, columns)}. Remove the extra rows, or take unique out of the index", e);
        }
        log.Add(new SchemaChange(SchemaChangeKind.IndexCreated, table.Name, To: name));
    }

    private string Example(SqliteTable table, string[] columns)
    {
        var list = Sql.List(columns);
        var values = database.Rows($"SELECT {list} FROM {Sql.Quote(table.Name)} WHERE {string.Join(" AND ", columns.Select(c => $"{Sql.Quote(c)} IS NOT NULL"))} GROUP BY {list} HAVING count(*) > 1 LIMIT 1");
        return values is [var row] ? string.Join(", ", columns.Zip(row, (c, v) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{c} = {v}"))) : "the same values";
    }
}
