using Tidemark.Batching;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Writing;

/// <summary>How rows that carry the same columns are written: statements that are prepared when they are first needed.</summary>
/// <param name="database">The connection.</param>
/// <param name="sql">The statements.</param>
/// <param name="mask">Which columns the rows carry, a bit a column.</param>
/// <param name="rowsAtOnce">How many rows one statement may write; 1: none writes more.</param>
internal sealed class Plan(Database database, MergeSql sql, ulong[] mask, int rowsAtOnce) : IDisposable
{
    // Texts that need more are copied by SQLite.
    private const int TextRoom = 4096;
    private const int TextRoomOfMany = 64 * 1024;

    private readonly TableColumn[] _columns = [.. sql.Columns];
    private readonly TableColumn[] _key = [.. sql.Key];
    private readonly Statement _insert = database.Prepare(sql.Insert(), TextRoom);
    private Statement? _insertMany;
    private Statement? _update;
    private Statement? _exists;
    private Statement? _unmark;
    private Statement? _rowId;

    /// <summary>Which columns the records carry, a bit a column.</summary>
    public ulong[] Mask => mask;

    /// <summary>How many rows <see cref="InsertMany"/> takes; 1: it is not to be used.</summary>
    public int RowsAtOnce => rowsAtOnce;

    /// <summary>Inserts a row, or updates the one of its key.</summary>
    /// <returns>The result code.</returns>
    public int InsertOne(RowCells cells)
    {
        Bind(_insert, _columns, cells);
        return _insert.TryRun();
    }

    /// <summary>Inserts <see cref="RowsAtOnce"/> rows, or updates those of their keys, in order.</summary>
    /// <returns>The result code.</returns>
    public int InsertMany(RowCells cells, ReadOnlySpan<FoldedRow> rows)
    {
        _insertMany ??= database.Prepare(sql.Insert(rowsAtOnce), TextRoomOfMany);
        for (var i = 0; i < rows.Length; i++)
        {
            cells.MoveTo(rows[i]);
            Bind(_insertMany, _columns, cells, i * _columns.Length);
        }
        return _insertMany.TryRun();
    }

    /// <summary>Updates the row of a record that can't be inserted; null if there is no such row, else whether it changed.</summary>
    public bool? TryUpdate(RowCells cells)
    {
        _exists ??= database.Prepare(sql.Exists());
        Bind(_exists, _key, cells);
        var isThere = _exists.Step();
        _exists.Reset();
        if (!isThere) return null;
        if (_update is null && sql.Update() is { } update) _update = database.Prepare(update);
        if (_update is null) return false;
        Bind(_update, _columns, cells);
        _update.Run();
        return database.Changes > 0;
    }

    /// <summary>Takes the mark away from a record's row; true if it had one.</summary>
    public bool Unmark(RowCells cells)
    {
        _unmark ??= database.Prepare(sql.Unmark());
        Bind(_unmark, _key, cells);
        _unmark.Run();
        return database.Changes > 0;
    }

    /// <summary>The number of the row that has a record's key; null if there is none.</summary>
    /// <param name="cells">The record.</param>
    /// <param name="rowId">What the number is called.</param>
    public long? RowIdOf(RowCells cells, string rowId)
    {
        _rowId ??= database.Prepare(sql.RowId(rowId));
        Bind(_rowId, _key, cells);
        long? found = _rowId.Step() ? _rowId.Integer(0) : null;
        _rowId.Reset();
        return found;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _insertMany?.Dispose();
        _update?.Dispose();
        _exists?.Dispose();
        _unmark?.Dispose();
        _rowId?.Dispose();
    }

    private void Bind(Statement statement, ReadOnlySpan<TableColumn> columns, RowCells cells, int before = 0)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            var code = CellBinder.Bind(statement, before + i + 1, cells.Batch, cells[columns[i].Ordinal], columns[i]);
            if (code != 0) database.Check(code);
        }
    }
}
