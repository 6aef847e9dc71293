using Tidemark.Records;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Writing;

/// <summary>How records that carry the same columns are written: statements that are prepared when they are first needed.</summary>
internal sealed class Plan(Database database, MergeSql sql, ulong[] mask) : IDisposable
{
    private const int TextRoom = 4096;

    private readonly TableColumn[] _columns = [.. sql.Columns];
    private readonly TableColumn[] _key = [.. sql.Key];
    private Statement? _update;
    private Statement? _exists;
    private Statement? _unmark;

    /// <summary>Which columns the records carry, a bit a column.</summary>
    public ulong[] Mask => mask;

    public Statement Insert { get; } = database.Prepare(sql.Insert(), TextRoom);

    /// <summary>Binds a record to a statement whose parameters are its columns.</summary>
    public void Bind(Statement statement, RecordBatch batch, int row, BatchColumn?[] sources) => Bind(statement, _columns, batch, row, sources);

    /// <summary>Updates the row of a record that can't be inserted; null if there is no such row, else whether it changed.</summary>
    public bool? TryUpdate(RecordBatch batch, int row, BatchColumn?[] sources)
    {
        _exists ??= database.Prepare(sql.Exists());
        Bind(_exists, _key, batch, row, sources);
        var isThere = _exists.Step();
        _exists.Reset();
        if (!isThere) return null;
        if (_update is null && sql.Update() is { } update) _update = database.Prepare(update);
        if (_update is null) return false;
        Bind(_update, _columns, batch, row, sources);
        _update.Run();
        return database.Changes > 0;
    }

    /// <summary>Takes the mark away from a record's row; true if it had one.</summary>
    public bool Unmark(RecordBatch batch, int row, BatchColumn?[] sources)
    {
        _unmark ??= database.Prepare(sql.Unmark());
        Bind(_unmark, _key, batch, row, sources);
        _unmark.Run();
        return database.Changes > 0;
    }

    public void Dispose()
    {
        Insert.Dispose();
        _update?.Dispose();
        _exists?.Dispose();
        _unmark?.Dispose();
    }

    private void Bind(Statement statement, ReadOnlySpan<TableColumn> columns, RecordBatch batch, int row, BatchColumn?[] sources)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            var code = CellBinder.Bind(statement, i + 1, batch, sources[columns[i].Ordinal]![row], columns[i]);
            if (code != 0) database.Check(code);
        }
    }
}
