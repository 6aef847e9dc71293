using SQLitePCL;
using Tidemark.Batching;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Writing;

/// <summary>Writes records into one table with prepared statements: many that carry the same columns at once, others one by one.</summary>
/// <param name="database">The connection.</param>
/// <param name="table">The table.</param>
/// <param name="guard">Tells what a merge met.</param>
/// <param name="keyFields">The primary key; empty: each record is a new row.</param>
/// <param name="cursorField">The field that orders versions; null: the last one wins.</param>
/// <param name="ignoreStored">True if an older version may overwrite what is stored.</param>
internal sealed class RowWriter(Database database, SqliteTable table, CursorGuard guard, IReadOnlyList<string> keyFields, string? cursorField, bool ignoreStored) : IDisposable
{
    /// <summary>How many combinations of columns keep their statements.</summary>
    public const int MaxPlans = 256;

    private const int RowsBetweenLooks = 1024;

    // A statement of many rows takes some 100 bytes a parameter, and as long to prepare as to run a few times.
    private const int MaxPlansOfMany = 8;
    private const int MostParameters = 4096;
    private const int MostRowsAtOnce = 250;
    private const int FewestRowsAtOnce = 64;

    private readonly KeyFold _fold = new();
    private readonly FoldedRow[] _waiting = new FoldedRow[MostRowsAtOnce];
    private PlanCache? _plans;
    private int _version = -1;

    // What the number of a row is called; null: rows have none.
    private string? _rowId;
    private bool _tellsRowIds;

    /// <summary>How many combinations of columns have statements now.</summary>
    public int PlanCount => _plans?.Count ?? 0;

    /// <summary>Writes some records of a batch; of those with the same key, older versions first. The table must have a column for each value that they bring.</summary>
    public WriteCounts Write(RecordBatch batch, int start, int count, CancellationToken cancellationToken) => Write(batch, start, count, [], cancellationToken);

    /// <summary>Writes some records of a batch, and tells of each what became of it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="start">The first record.</param>
    /// <param name="outcomes">Gets what became of each.</param>
    /// <param name="withRowIds">True to tell the numbers of their rows.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public void WriteEach(RecordBatch batch, int start, Span<WrittenRecord> outcomes, bool withRowIds, CancellationToken cancellationToken)
    {
        // What makes no row of its own has been overtaken.
        outcomes.Fill(new WrittenRecord(RecordOutcome.Duplicate));
        _tellsRowIds = withRowIds;
        Write(batch, start, outcomes.Length, outcomes, cancellationToken);
        if (withRowIds && _rowId is not null && keyFields.Count > 0) FindRowIds(batch, start, outcomes);
    }

    public void Dispose()
    {
        _plans?.Dispose();
        _fold.Dispose();
    }

    private WriteCounts Write(RecordBatch batch, int start, int count, Span<WrittenRecord> outcomes, CancellationToken cancellationToken)
    {
        if (!table.Exists) throw new DestinationException(DestinationFault.Record, $"the records bring no value, and the table '{table.Name}' is not there yet: nothing tells its columns");
        if (_version != table.Version) Renew();
        var cells = new RowCells(batch, table, _fold);
        Fold(batch, start, count);
        var mask = new ulong[(table.Columns.Count + 63) / 64];
        var (counts, looks) = (default(WriteCounts), 0);
        // Rows wait here while the next ones carry the same columns and fit into one statement.
        Plan? plan = null;
        var waiting = 0;
        for (var round = 0; round < _fold.Rounds; round++)
        {
            foreach (var row in _fold.Round(round))
            {
                if (looks++ % RowsBetweenLooks == 0) cancellationToken.ThrowIfCancellationRequested();
                cells.MoveTo(row, mask);
                var next = _plans!.Get(mask);
                if (plan is not null && (next != plan || waiting == plan.RowsAtOnce))
                {
                    counts += Write(plan, cells, _waiting.AsSpan(0, waiting), start, outcomes);
                    waiting = 0;
                }
                plan = next;
                _waiting[waiting++] = row;
            }
        }
        if (plan is not null) counts += Write(plan, cells, _waiting.AsSpan(0, waiting), start, outcomes);
        // Records that others of this call have overtaken change nothing either.
        return counts with { Unchanged = count - counts.Inserted - counts.Updated };
    }

    private WriteCounts Write(Plan plan, RowCells cells, ReadOnlySpan<FoldedRow> rows, int start, Span<WrittenRecord> outcomes)
    {
        if (rows.Length > 1 && rows.Length == plan.RowsAtOnce && outcomes.IsEmpty && TryWriteMany(plan, cells, rows) is { } written) return written;
        var counts = default(WriteCounts);
        foreach (var row in rows)
        {
            cells.MoveTo(row);
            var outcome = WriteOne(plan, cells);
            if (!outcomes.IsEmpty) outcomes[row.Record - start] = new WrittenRecord(outcome, outcome == RecordOutcome.Inserted && _tellsRowIds && _rowId is not null ? database.LastRowId : null);
            counts += Counted(outcome);
        }
        return counts;
    }

    private static WriteCounts Counted(RecordOutcome outcome) => outcome switch
    {
        RecordOutcome.Inserted => new WriteCounts(1, 0, 0),
        RecordOutcome.Updated => new WriteCounts(0, 1, 0),
        RecordOutcome.Older => new WriteCounts(0, 0, 1, 1),
        _ => new WriteCounts(0, 0, 1),
    };

    private void FindRowIds(RecordBatch batch, int start, Span<WrittenRecord> outcomes)
    {
        var cells = new RowCells(batch, table, _fold);
        var mask = new ulong[(table.Columns.Count + 63) / 64];
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].RowId is not null) continue;
            cells.MoveTo(new FoldedRow(start + i, -1), mask);
            outcomes[i] = outcomes[i] with { RowId = _plans!.Get(mask).RowIdOf(cells, _rowId!) };
        }
    }

    // Null if a row is in the way: the statement has undone itself, and one by one they show which it is.
    private WriteCounts? TryWriteMany(Plan plan, RowCells cells, ReadOnlySpan<FoldedRow> rows)
    {
        guard.Reset();
        var code = plan.InsertMany(cells, rows);
        if (code == raw.SQLITE_OK)
        {
            var updated = guard.Conflicts - guard.HeldBack;
            return new WriteCounts(database.Changes - updated, updated, rows.Length - database.Changes, guard.HeldBack);
        }
        var error = database.Error(code);
        // A table may be declared so that an error keeps the rows before it, or rolls back everything: then the whole call has failed.
        if (error.Fault != DestinationFault.Record || database.Changes > 0 || !database.InTransaction) throw error;
        return null;
    }

    private RecordOutcome WriteOne(Plan plan, RowCells cells)
    {
        guard.Reset();
        var code = plan.InsertOne(cells);
        if (code == raw.SQLITE_OK)
        {
            if (database.Changes > 0) return guard.Conflicts > 0 ? RecordOutcome.Updated : RecordOutcome.Inserted;
            // Too old to overwrite the row, but the source has it: the mark goes.
            return guard.HeldBack > 0 ? (table.Has(TableColumn.DeletedAt) && plan.Unmark(cells) ? RecordOutcome.Updated : RecordOutcome.Older) : RecordOutcome.Unchanged;
        }
        var error = database.Error(code);
        // SQLite looks at NOT NULL before it looks for a conflict: a record with some columns only may still be an update.
        if (code != raw.SQLITE_CONSTRAINT_NOTNULL || keyFields.Count == 0 || plan.TryUpdate(cells) is not { } changed) throw error;
        return changed ? RecordOutcome.Updated : guard.HeldBack > 0 ? RecordOutcome.Older : RecordOutcome.Unchanged;
    }

    // Keys whose texts differ may be equal to the database all the same: such records are written one after the other, as they come.
    private void Fold(RecordBatch batch, int start, int count)
    {
        var key = new KeyPart[keyFields.Count];
        for (var i = 0; i < key.Length; i++) key[i] = new KeyPart(batch.Find(keyFields[i])!, Type: null);
        var cursor = cursorField is null ? null : batch.Find(cursorField);
        _fold.Fold(batch, start, count, key, new VersionOrder(cursor, cursor is not null && !ignoreStored, guard.Compare));
    }

    private void Renew()
    {
        _plans?.Dispose();
        var key = keyFields.Count == 0 ? [] : table.Key;
        var cursor = ignoreStored || cursorField is null ? null : table.Fields.GetValueOrDefault(cursorField);
        var hasMarks = table.Has(TableColumn.DeletedAt);
        // A record that is held back may have a mark to lose, and what a trigger does can't be told from what was done to the row: there each row needs an answer of its own.
        var mayWriteMany = !(hasMarks && cursor is not null) && !database.Exists("SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE", table.Name);
        _plans = new PlanCache(MaxPlans, mask =>
        {
            var columns = table.Columns.Where(c => (mask[c.Ordinal >> 6] >> (c.Ordinal & 63) & 1) != 0).ToList();
            var sql = new MergeSql(table.Name, columns, key, cursor is not null && columns.Contains(cursor) ? cursor : null, hasMarks);
            return new Plan(database, sql, mask, mayWriteMany && _plans!.Count < MaxPlansOfMany ? RowsAtOnce(columns.Count) : 1);
        });
        _rowId = table.IsWithoutRowId ? null : new[] { "rowid", "_rowid_", "oid" }.FirstOrDefault(n => !table.Has(n));
        _version = table.Version;
    }

    // SQLite keeps pages that a statement of several rows changes until it is done: for a few rows that costs more than it saves.
    private static int RowsAtOnce(int columns) => columns is > 0 and <= MostParameters / FewestRowsAtOnce ? Math.Min(MostRowsAtOnce, MostParameters / columns) : 1;
}
