using System.Buffers;

namespace Tidemark.Records;

/// <summary>One field of a batch over all its records.</summary>
public sealed class BatchColumn
{
    private readonly int _rows;
    private Cell[] _cells = [];

    // What is behind was never written: rented memory is not clean.
    private int _count;
    private int _latest = -1;
    private int _gone = -1;
    private CellKinds _seenBefore;

    /// <param name="field">The field.</param>
    /// <param name="declared">Its declared type.</param>
    /// <param name="rows">How many records are expected.</param>
    internal BatchColumn(string field, ColumnType? declared, int rows)
    {
        _rows = rows;
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
    public Cell this[int row] => row < _count ? _cells[row] : default;

    /// <summary>The kinds seen in some of its records.</summary>
    /// <param name="start">The first record.</param>
    /// <param name="count">How many.</param>
    public CellKinds SeenIn(int start, int count)
    {
        var seen = CellKinds.None;
        for (var row = start; row < Math.Min(start + count, _count); row++) seen |= _cells[row].Flag;
        return seen;
    }

    /// <summary>The fields of its objects, if they are flattened.</summary>
    internal FieldLevel? Inside { get; set; }

    /// <summary>Where in a record its values come from: the record itself, or an object that is flattened.</summary>
    internal FieldLevel? FirstLevel { get; set; }

    /// <summary>Of a column that two fields share, where the value of the last record came from; null: no two share it.</summary>
    internal FieldLevel? SharedBy { get; set; }

    /// <summary>The columns that its objects are flattened to, as they were when the batch had <see cref="UnderAt"/> columns.</summary>
    internal BatchColumn[]? Under { get; set; }

    internal int UnderAt { get; set; }

    /// <summary>Clears the value of the record, whose object is gone.</summary>
    internal void SetGone(int row)
    {
        Set(row, Cell.Null);
        _gone = row;
    }

    internal void Set(int row, Cell cell)
    {
        _gone = -1;
        if (row >= _count) Extend(row + 1);
        _cells[row] = cell;
        if (row != _latest) (_latest, _seenBefore) = (row, Seen);
        // The last one of a repeated property is what counts.
        Seen = _seenBefore | cell.Flag;
    }

    /// <summary>True if the record brought a value already; that its object is gone is none.</summary>
    internal bool IsSetIn(int row) => row == _latest && row != _gone;

    /// <summary>Forgets the value of the last record, and that its kind was seen.</summary>
    internal void Clear(int row)
    {
        if (row != _latest) return;
        _cells[row] = default;
        Seen = _seenBefore;
        _latest = -1;
    }

    internal void Release()
    {
        if (_cells.Length > 0) ArrayPool<Cell>.Shared.Return(_cells);
        _cells = [];
        _count = 0;
    }

    private void Extend(int count)
    {
        if (count > _cells.Length) Grow(count);
        // Records in between do not carry the field, and absent is what default means.
        _cells.AsSpan(_count, count - _count).Clear();
        _count = count;
    }

    // In few steps, as the pool keeps what was too small.
    private void Grow(int count)
    {
        var larger = ArrayPool<Cell>.Shared.Rent(Math.Max(count, _cells.Length == 0 ? Math.Max(64, _rows) : _cells.Length * 4));
        _cells.AsSpan(0, _count).CopyTo(larger);
        if (_cells.Length > 0) ArrayPool<Cell>.Shared.Return(_cells);
        _cells = larger;
    }
}
