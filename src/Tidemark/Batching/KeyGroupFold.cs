using System.Runtime.InteropServices;
using Tidemark.Records;

namespace Tidemark.Batching;

/// <summary>Folds the records of one key; see <see cref="KeyFold"/> for the rules.</summary>
internal sealed class KeyGroupFold
{
    private readonly List<FoldedRow> _rows = [];
    private readonly List<int[]> _overlays = [];
    private readonly List<string?> _cursors = [];
    private RecordBatch _batch = null!;
    private VersionOrder _order;
    private bool[] _covered = [];

    /// <summary>Begins with a batch; overlays of the last one are forgotten.</summary>
    public void Begin(RecordBatch batch, in VersionOrder order)
    {
        _batch = batch;
        _order = order;
        _overlays.Clear();
        _covered = new bool[batch.Columns.Count];
    }

    public int RecordOf(int overlay, int column) => _overlays[overlay][column];

    /// <summary>The rows that the records of a key make, oldest first.</summary>
    /// <param name="records">The records, as they came; they are put in order.</param>
    public ReadOnlySpan<FoldedRow> Fold(Span<int> records)
    {
        Sort(records);
        _rows.Clear();
        // From the newest to the oldest: what newer ones carry, older ones need not.
        for (var end = records.Length; end > 0;)
        {
            var from = end - 1;
            while (from > 0 && GoTogether(from - 1, from)) from--;
            FoldTogether(records[from..end], _cursors, from);
            end = from;
        }
        _rows.Reverse();
        return CollectionsMarshal.AsSpan(_rows);
    }

    private void Sort(Span<int> records)
    {
        _cursors.Clear();
        for (var i = 0; i < records.Length; i++)
        {
            var (record, cursor) = (records[i], _order.Cursor is { } column ? CellText.StringOf(_batch, column[records[i]]) : null);
            var at = i;
            while (at > 0 && Compare(cursor, _cursors[at - 1]) < 0) at--;
            records[at..i].CopyTo(records[(at + 1)..]);
            records[at] = record;
            _cursors.Insert(at, cursor);
        }
    }

    // True if a newer one is certain to be written where the older one is, and the older one has no part in that.
    private bool GoTogether(int older, int newer)
    {
        if (!_order.IsGuarded) return true;
        var (a, b) = (_cursors[older], _cursors[newer]);
        return a is null && b is null || Compare(a, b) is not null;
    }

    private void FoldTogether(ReadOnlySpan<int> records, List<string?> cursors, int from)
    {
        Array.Clear(_covered);
        var (last, overlay) = (-1, -1);
        for (var i = records.Length - 1; i >= 0; i--)
        {
            var isSame = last >= 0 && (!_order.IsGuarded || cursors[from + last] is null || Compare(cursors[from + i], cursors[from + last]) == 0);
            var brings = false;
            for (var column = 0; column < _covered.Length; column++)
            {
                if (_covered[column] || !_batch.Columns[column][records[i]].IsPresent) continue;
                _covered[column] = brings = true;
                if (!isSame) continue;
                if (overlay < 0) overlay = AddOverlay(records[last]);
                _overlays[overlay][column] = records[i];
            }
            if (isSame || (last >= 0 && !brings)) continue;
            if (overlay >= 0) _rows[^1] = new FoldedRow(records[last], overlay);
            _rows.Add(new FoldedRow(records[i], -1));
            (last, overlay) = (i, -1);
        }
        if (overlay >= 0) _rows[^1] = new FoldedRow(records[last], overlay);
    }

    private int AddOverlay(int record)
    {
        var overlay = new int[_covered.Length];
        Array.Fill(overlay, record);
        _overlays.Add(overlay);
        return _overlays.Count - 1;
    }

    private int? Compare(string? a, string? b) => a is null || b is null ? null : _order.Compare(a, b);
}
