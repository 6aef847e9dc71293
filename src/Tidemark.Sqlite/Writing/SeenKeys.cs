using Tidemark.Records;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Writing;

/// <summary>The keys that an unfinished full scan has carried so far, in a table beside the stream's own, committed with each batch.</summary>
/// <param name="database">The connection.</param>
/// <param name="table">The table of keys.</param>
/// <param name="main">The stream's table.</param>
/// <param name="keyFields">The primary key.</param>
internal sealed class SeenKeys(Database database, SqliteTable table, SqliteTable main, IReadOnlyList<string> keyFields) : IDisposable
{
    /// <summary>True for keys of records that the stream's table refused.</summary>
    public const string Failed = "_tidemark_failed";

    private Statement? _insert;
    private int _version = -1;

    public SqliteTable Table => table;

    /// <summary>Adds the keys of some records; the stream's table has columns for them at this point.</summary>
    public void Add(RecordBatch batch, int start, int count, bool failed)
    {
        // The same types as in the stream's table, so that keys are equal here exactly if they are equal there.
        table.Ensure([.. keyFields.Select(f => new Arrival(f, main.Fields[f].Type, CellKinds.None))]);
        var columns = table.Key;
        if (_version != table.Version || _insert is null)
        {
            _insert?.Dispose();
            _insert = database.Prepare(
                $"INSERT OR IGNORE INTO {Sql.Quote(table.Name)}({Sql.List(columns.Select(c => c.Name))}, {Failed}) VALUES({string.Join(", ", columns.Select((_, i) => $"?{i + 1}"))}, ?{columns.Count + 1})");
            _version = table.Version;
        }
        var sources = keyFields.Select(f => batch.Find(f)!).ToArray();
        database.Check(_insert.Bind(columns.Count + 1, failed ? 1 : 0));
        for (var row = start; row < start + count; row++)
        {
            for (var i = 0; i < sources.Length; i++) database.Check(CellBinder.Bind(_insert, i + 1, batch, sources[i][row], columns[i]));
            _insert.Run();
        }
    }

    /// <summary>How many keys there are.</summary>
    public long Count() => table.Exists ? database.Count($"SELECT count(*) FROM {Sql.Quote(table.Name)}") : 0;

    /// <summary>How many of them are keys of refused records.</summary>
    public long CountFailed() => table.Exists ? database.Count($"SELECT count(*) FROM {Sql.Quote(table.Name)} WHERE {Failed} = 1") : 0;

    /// <summary>A condition on rows of the stream's table: no record of the scan had their key.</summary>
    public string Unseen()
    {
        if (!table.Exists) return "1";
        var equal = main.Key.Zip(table.Key, (m, s) => $"s.{Sql.Quote(s.Name)} = {Sql.Quote(main.Name)}.{Sql.Quote(m.Name)}");
        return $"NOT EXISTS (SELECT 1 FROM {Sql.Quote(table.Name)} AS s WHERE {string.Join(" AND ", equal)})";
    }

    public void Dispose() => _insert?.Dispose();
}
