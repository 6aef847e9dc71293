using System.Runtime.InteropServices;
using Tidemark.Records;

namespace Tidemark.Batching;

/// <summary>
/// Folds the records of one call that have the same key, so that a set of rows can be written at once and the result is that of writing the records one by one, older
/// ones first. Mostly no key comes twice: then it costs a hash a record. Owned by one task and used again and again; its results are valid until the next call.
/// </summary>
/// <remarks>
/// 1. The records of a key are put in order: by the cursor value, older first; equal ones, and those that can't be compared, as they came.
/// 2. Where nothing that is stored holds a record back, they make one row: of each column the newest value that is present. Null is a value.
/// 3. Where a stored row may be newer, only records with the same cursor value, or with none, make one row. A record whose columns are all carried by newer ones is
///    dropped, for whenever it would be written they are too. What is left goes into rounds, the oldest of each key first: the rows of a round are written before those
///    of the next, and no key comes twice in a round.
/// </remarks>
public sealed class KeyFold : IDisposable
{
    private readonly KeyGroups _groups = new();
    private readonly KeyGroupFold _fold = new();
    private readonly List<List<FoldedRow>> _rounds = [];

    /// <summary>How many rounds there are, at least one if there are records.</summary>
    public int Rounds { get; private set; }

    /// <summary>The rows of a round.</summary>
    /// <param name="round">Which one, from 0.</param>
    public ReadOnlySpan<FoldedRow> Round(int round) => CollectionsMarshal.AsSpan(_rounds[round]);

    /// <summary>The record from which a row takes the value of a column.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">The place of the column in <see cref="RecordBatch.Columns"/>.</param>
    public int RecordOf(in FoldedRow row, int column) => row.Overlay < 0 ? row.Record : _fold.RecordOf(row.Overlay, column);

    /// <summary>Folds records. Without a key each of them is a row.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="start">The first record.</param>
    /// <param name="count">How many.</param>
    /// <param name="key">The primary key, of which each record has a value; empty: none.</param>
    /// <param name="order">What tells older from newer.</param>
    public void Fold(RecordBatch batch, int start, int count, ReadOnlySpan<KeyPart> key, in VersionOrder order)
    {
        for (var i = 0; i < Rounds; i++) _rounds[i].Clear();
        Rounds = 0;
        if (count == 0) return;
        var first = RoundAt(0);
        first.EnsureCapacity(count);
        if (key.Length == 0 || !_groups.Find(batch, start, count, key))
        {
            for (var record = start; record < start + count; record++) first.Add(new FoldedRow(record, -1));
            return;
        }
        for (var i = 0; i < count; i++)
        {
            if (_groups.IsAlone(i)) first.Add(new FoldedRow(start + i, -1));
        }
        _fold.Begin(batch, order);
        for (var group = 0; group < _groups.Count; group++)
        {
            var rows = _fold.Fold(_groups.Records(group));
            for (var i = 0; i < rows.Length; i++) RoundAt(i).Add(rows[i]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _groups.Dispose();

    private List<FoldedRow> RoundAt(int round)
    {
        if (round == _rounds.Count) _rounds.Add([]);
        Rounds = Math.Max(Rounds, round + 1);
        return _rounds[round];
    }
}
