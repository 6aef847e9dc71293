using SQLitePCL;
using Tidemark.Batching;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Writing;

/// <summary>Writes records into one table, row by row with prepared statements: SQLite has no faster way.</summary>
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

    private readonly KeyFold _fold = new();
    private PlanCache? _plans;
    private int _version = -1;

    /// <summary>How many combinations of columns have statements now.</summary>
    public int PlanCount => _plans?.Count ?? 0;

    /// <summary>Writes some records of a batch; of those with the same key, older versions first. The table must have a column for each value that they bring.</summary>
    public WriteCounts Write(RecordBatch batch, int start, int count, CancellationToken cancellationToken)
    {
        if (!table.Exists) throw new DestinationException(DestinationFault.Record, $"the records bring no value, and the table '{table.Name}' is not there yet: nothing tells its columns");
        if (_version != table.Version) Renew();
        var cells = new RowCells(batch, table, _fold);
        Fold(batch, start, count);
        var mask = new ulong[(table.Columns.Count + 63) / 64];
        var (inserted, updated, older, looks) = (0L, 0L, 0L, 0);
        for (var round = 0; round < _fold.Rounds; round++)
        {
            foreach (var row in _fold.Round(round))
            {
                if (looks++ % RowsBetweenLooks == 0) cancellationToken.ThrowIfCancellationRequested();
                cells.MoveTo(row, mask);
                switch (Run(_plans!.Get(mask), cells))
                {
                    case RowOutcome.Inserted: inserted++; break;
                    case RowOutcome.Updated: updated++; break;
                    case RowOutcome.Older: older++; break;
                }
            }
        }
        // Records that others of this call have overtaken change nothing either.
        return new WriteCounts(inserted, updated, count - inserted - updated, older);
    }

    public void Dispose()
    {
        _plans?.Dispose();
        _fold.Dispose();
    }

    private RowOutcome Run(Plan plan, RowCells cells)
    {
        plan.Bind(plan.Insert, cells);
        guard.Reset();
        var code = plan.Insert.TryRun();
        if (code == raw.SQLITE_OK)
        {
            if (database.Changes > 0) return guard.Conflict ? RowOutcome.Updated : RowOutcome.Inserted;
            // Too old to overwrite the row, but the source has it: the mark goes.
            return guard.Older ? (table.Has(TableColumn.DeletedAt) && plan.Unmark(cells) ? RowOutcome.Updated : RowOutcome.Older) : RowOutcome.Unchanged;
        }
        var error = database.Error(code);
        // SQLite looks at NOT NULL before it looks for a conflict: a record with some columns only may still be an update.
        if (code != raw.SQLITE_CONSTRAINT_NOTNULL || keyFields.Count == 0 || plan.TryUpdate(cells) is not { } changed) throw error;
        return changed ? RowOutcome.Updated : guard.Older ? RowOutcome.Older : RowOutcome.Unchanged;
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
        _plans = new PlanCache(MaxPlans, mask =>
        {
            var columns = table.Columns.Where(c => (mask[c.Ordinal >> 6] >> (c.Ordinal & 63) & 1) != 0).ToList();
            return new Plan(database, new MergeSql(table.Name, columns, key, cursor is not null && columns.Contains(cursor) ? cursor : null, hasMarks), mask);
        });
        _version = table.Version;
    }

    private enum RowOutcome
    {
        Unchanged,
        Inserted,
        Updated,
        Older,
    }
}
