using SQLitePCL;
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

    private static readonly WriteCounts Inserted = new(1, 0, 0);
    private static readonly WriteCounts Updated = new(0, 1, 0);
    private static readonly WriteCounts Unchanged = new(0, 0, 1);
    private static readonly WriteCounts HeldBack = new(0, 0, 1, 1);

    private readonly int[] _waiting = new int[MostRowsAtOnce];
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
        var counts = default(WriteCounts);
        // Records wait here while the next ones carry the same columns and fit into one statement.
        Plan? plan = null;
        var waiting = 0;
        for (var row = start; row < start + count; row++)
        {
            if (row % RowsBetweenLooks == 0) cancellationToken.ThrowIfCancellationRequested();
            if (newest?.Take(row) == false)
            {
                counts += Unchanged;
                continue;
            }
            Array.Clear(mask);
            foreach (var (source, ordinal) in present)
            {
                if (source[row].IsPresent) mask[ordinal >> 6] |= 1UL << (ordinal & 63);
            }
            var next = _plans!.Get(mask);
            if (plan is not null && (next != plan || waiting == plan.RowsAtOnce))
            {
                counts += Write(plan, batch, _waiting.AsSpan(0, waiting), sources);
                waiting = 0;
            }
            plan = next;
            _waiting[waiting++] = row;
        }
        return plan is null ? counts : counts + Write(plan, batch, _waiting.AsSpan(0, waiting), sources);
    }

    public void Dispose() => _plans?.Dispose();

    private WriteCounts Write(Plan plan, RecordBatch batch, ReadOnlySpan<int> rows, BatchColumn?[] sources)
    {
        if (rows.Length > 1 && rows.Length == plan.RowsAtOnce && TryWriteMany(plan, batch, rows, sources) is { } written) return written;
        var counts = default(WriteCounts);
        foreach (var row in rows) counts += WriteOne(plan, batch, row, sources);
        return counts;
    }

    // Null if a record is in the way: the statement has undone itself, and one by one they show which it is.
    private WriteCounts? TryWriteMany(Plan plan, RecordBatch batch, ReadOnlySpan<int> rows, BatchColumn?[] sources)
    {
        guard.Reset();
        var code = plan.InsertMany(batch, rows, sources);
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

    private WriteCounts WriteOne(Plan plan, RecordBatch batch, int row, BatchColumn?[] sources)
    {
        guard.Reset();
        var code = plan.InsertOne(batch, row, sources);
        if (code == raw.SQLITE_OK)
        {
            if (database.Changes > 0) return guard.Conflicts > 0 ? Updated : Inserted;
            // Too old to overwrite the row, but the source has it: the mark goes.
            return guard.HeldBack > 0 ? (table.Has(TableColumn.DeletedAt) && plan.Unmark(batch, row, sources) ? Updated : HeldBack) : Unchanged;
        }
        var error = database.Error(code);
        // SQLite looks at NOT NULL before it looks for a conflict: a record with some columns only may still be an update.
        if (code != raw.SQLITE_CONSTRAINT_NOTNULL || keyFields.Count == 0 || plan.TryUpdate(batch, row, sources) is not { } changed) throw error;
        return changed ? Updated : guard.HeldBack > 0 ? HeldBack : Unchanged;
    }

    private void Renew()
    {
        _plans?.Dispose();
        var key = keyFields.Count == 0 ? [] : table.Key;
        var cursor = ignoreStored || cursorField is null ? null : table.Fields.GetValueOrDefault(cursorField);
        var hasMarks = table.Has(TableColumn.DeletedAt);
        // A record that is held back may have a mark to lose, and what a trigger does can't be told from what was done to the row: there each record needs an answer of its own.
        var mayWriteMany = !(hasMarks && cursor is not null) && !database.Exists("SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE", table.Name);
        _plans = new PlanCache(MaxPlans, mask =>
        {
            var columns = table.Columns.Where(c => (mask[c.Ordinal >> 6] >> (c.Ordinal & 63) & 1) != 0).ToList();
            var sql = new MergeSql(table.Name, columns, key, cursor is not null && columns.Contains(cursor) ? cursor : null, hasMarks);
            return new Plan(database, sql, mask, mayWriteMany && _plans!.Count < MaxPlansOfMany ? RowsAtOnce(columns.Count) : 1);
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

    // SQLite keeps pages that a statement of several rows changes until it is done: for a few rows that costs more than it saves.
    private static int RowsAtOnce(int columns) => columns is > 0 and <= MostParameters / FewestRowsAtOnce ? Math.Min(MostRowsAtOnce, MostParameters / columns) : 1;
}
