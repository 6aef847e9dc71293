using Tidemark.Batching;
using Tidemark.Records;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Writing;

/// <summary>The values of one row after the other, by the columns of the table that they are written to.</summary>
internal sealed class RowCells
{
    private readonly KeyFold _fold;
    private readonly BatchColumn[] _sources;
    private readonly int[] _places;
    private readonly int[] _ordinals;
    private FoldedRow _row;

    /// <param name="batch">The batch.</param>
    /// <param name="table">The table; fields without a column are left out.</param>
    /// <param name="fold">Tells which records make a row.</param>
    public RowCells(RecordBatch batch, SqliteTable table, KeyFold fold)
    {
        (Batch, _fold) = (batch, fold);
        _sources = new BatchColumn[table.Columns.Count];
        _places = new int[table.Columns.Count];
        var ordinals = new List<int>(batch.Columns.Count);
        for (var place = 0; place < batch.Columns.Count; place++)
        {
            if (!table.Fields.TryGetValue(batch.Columns[place].Field, out var column)) continue;
            (_sources[column.Ordinal], _places[column.Ordinal]) = (batch.Columns[place], place);
            ordinals.Add(column.Ordinal);
        }
        _ordinals = [.. ordinals];
    }

    public RecordBatch Batch { get; }

    /// <summary>The value for a column; the row must carry one.</summary>
    public Cell this[int ordinal] => _sources[ordinal][_row.Overlay < 0 ? _row.Record : _fold.RecordOf(_row, _places[ordinal])];

    /// <summary>Moves to a row.</summary>
    public void MoveTo(FoldedRow row) => _row = row;

    /// <summary>Moves to a row and tells what it carries.</summary>
    /// <param name="row">The row.</param>
    /// <param name="mask">Gets which columns it carries, a bit a column.</param>
    public void MoveTo(FoldedRow row, ulong[] mask)
    {
        _row = row;
        Array.Clear(mask);
        foreach (var ordinal in _ordinals)
        {
            if (this[ordinal].IsPresent) mask[ordinal >> 6] |= 1UL << (ordinal & 63);
        }
    }
}
