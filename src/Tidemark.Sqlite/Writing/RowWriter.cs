using SQLitePCL;
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

    private PlanCache? _plans;
    private int _version = -1;

    /// <summary>How many combinations of columns have statements now.</summary>
    public int PlanCount => _plans?.Count ?? 0;

    /// <summary>Writes some records of a batch, in order. The table must have a column for each value that they bring.</summary>
    public WriteCounts Write(RecordBatch batch, int start, int count, CancellationToken cancellationToken)
    {
        if (!table.Exists) throw new DestinationException(DestinationFault.Record, $"the records bring no value, and the table '{table.Name}' is not there yet: nothing tells its columns");
        if (_version != table.Version) Renew();
        var sources = SourcesOf(batch);
        var present = new (BatchColumn Source, int Ordinal)[sources.Count(s => s is not null)];
        for (int ordinal = 0, i = 0; ordinal < sources.Length; ordinal++)
        {
            if (sources[ordinal] is { } source) present[i++] = (source, ordinal);
        }
        var newest = NewestOf(batch);
        var mask = new ulong[(sources.Length + 63) / 64];
        var (inserted, updated, unchanged, older) = (0L, 0L, 0L, 0L);
        for (var row = start; row < start + count; row++)
        {
            if (row % RowsBetweenLooks == 0) cancellationToken.ThrowIfCancellationRequested();
            if (newest?.Take(row) == false)
            {
                unchanged++;
                continue;
            }
            Array.Clear(mask);
            foreach (var (source, ordinal) in present)
            {
                if (source[row].IsPresent) mask[ordinal >> 6] |= 1UL << (ordinal & 63);
            }
            var plan = _plans!.Get(mask);
            plan.Bind(plan.Insert, batch, row, sources);
            switch (Run(plan, batch, row, sources))
            {
                case RowOutcome.Inserted: inserted++; break;
                case RowOutcome.Updated: updated++; break;
                case RowOutcome.Older: unchanged++; older++; break;
                default: unchanged++; break;
            }
        }
        return new WriteCounts(inserted, updated, unchanged, older);
    }

    public void Dispose() => _plans?.Dispose();

    private RowOutcome Run(Plan plan, RecordBatch batch, int row, BatchColumn?[] sources)
    {
        guard.Reset();
        var code = plan.Insert.TryRun();
        if (code == raw.SQLITE_OK)
        {
            if (database.Changes > 0) return guard.Conflict ? RowOutcome.Updated : RowOutcome.Inserted;
            // Too old to overwrite the row, but the source has it: the mark goes.
            return guard.Older ? (table.Has(TableColumn.DeletedAt) && plan.Unmark(batch, row, sources) ? RowOutcome.Updated : RowOutcome.Older) : RowOutcome.Unchanged;
        }
        var error = database.Error(code);
        // SQLite looks at NOT NULL before it looks for a conflict: a record with some columns only may still be an update.
        if (code != raw.SQLITE_CONSTRAINT_NOTNULL || keyFields.Count == 0 || plan.TryUpdate(batch, row, sources) is not { } changed) throw error;
        return changed ? RowOutcome.Updated : guard.Older ? RowOutcome.Older : RowOutcome.Unchanged;
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

    private BatchColumn?[] SourcesOf(RecordBatch batch)
    {
        var sources = new BatchColumn?[table.Columns.Count];
        foreach (var source in batch.Columns)
        {
            if (table.Fields.TryGetValue(source.Field, out var column)) sources[column.Ordinal] = source;
        }
        return sources;
    }

    private NewestInCall? NewestOf(RecordBatch batch)
    {
        if (!ignoreStored || cursorField is null || keyFields.Count == 0) return null;
        BatchColumn? Of(string field) => batch.Columns.FirstOrDefault(c => string.Equals(c.Field, field, StringComparison.Ordinal));
        return Of(cursorField) is { } cursor && keyFields.All(k => Of(k) is not null) ? new NewestInCall(batch, [.. keyFields.Select(k => Of(k)!)], cursor, guard) : null;
    }

    private enum RowOutcome
    {
        Unchanged,
        Inserted,
        Updated,
        Older,
    }
}
