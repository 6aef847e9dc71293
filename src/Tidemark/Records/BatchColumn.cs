using System.Buffers;

namespace Tidemark.Records;

/// <summary>One field of a batch over all its records.</summary>
public sealed class BatchColumn
{
    private Cell[] _cells = [];

    internal BatchColumn(string field, ColumnType? declared)
    {
        Field = field;
        Declared = declared;
    }

    /// <summary>The field's name, as it arrived or as the configuration names the column.</summary>
    public string Field { get; }

    /// <summary>The type that the configuration asks for; its values are converted already.</summary>
    public ColumnType? Declared { get; }

    /// <summary>The kinds seen in this batch.</summary>
    public CellKinds Seen { get; private set; }

    /// <summary>The type that this batch needs: the declared one, else the inferred one; null where no value was seen.</summary>
    public ColumnType? Type => Declared ?? ColumnTypes.Infer(Seen);

    /// <summary>A record's value.</summary>
    /// <param name="row">Which record.</param>
    public Cell this[int row] => row < _cells.Length ? _cells[row] : default;

    internal void Set(int row, Cell cell)
    {
        if (row >= _cells.Length) Grow(row + 1);
        _cells[row] = cell;
        Seen |= cell.Flag;
    }

    /// <summary>Takes the value of the last row out again, and what it said of the column's type.</summary>
    internal void Clear(int row)
    {
        if (row >= _cells.Length || !_cells[row].IsPresent) return;
        _cells[row] = default;
        Seen = CellKinds.None;
        foreach (var cell in _cells.AsSpan(0, row)) Seen |= cell.Flag;
    }

    internal void Release()
    {
        if (_cells.Length > 0) ArrayPool<Cell>.Shared.Return(_cells);
        _cells = [];
    }

    private void Grow(int rows)
    {
        var larger = ArrayPool<Cell>.Shared.Rent(Math.Max(rows, Math.Max(64, _cells.Length * 2)));
        _cells.CopyTo(larger, 0);
        // Rented memory is not clean, and absent is what default means.
        larger.AsSpan(_cells.Length).Clear();
        if (_cells.Length > 0) ArrayPool<Cell>.Shared.Return(_cells);
        _cells = larger;
    }
}
