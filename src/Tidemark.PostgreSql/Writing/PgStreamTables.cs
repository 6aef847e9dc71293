using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>The table of a stream and, only where the stream needs them, the tables of ours beside it. They live as long as their connection.</summary>
internal sealed class PgStreamTables : IDisposable
{
    private readonly StreamTarget _target;
    private readonly BatchRows _rows;
    private bool _isStale = true;
    private bool _changedBefore;
    private long? _committedOid;

    public PgStreamTables(Session session, string schema, StreamTarget target, Func<string, string, int?> compareCursors)
    {
        _target = target;
        Session = session;
        Key = target.Disposition == WriteDisposition.Append ? [] : target.Schema.PrimaryKey;
        var hash = StableHash.Of(target.PipelineName, target.Stream, target.Table);
        Main = new PgTable(session, TableName.Parse(target.Table, schema), new TablePlan
        {
            OurSchema = schema,
            KeyFields = Key,
            OwnColumns = target.Deletions == Deletions.Mark ? [(PgColumn.DeletedAt, ColumnType.Timestamp)] : [],
            Contract = target.SchemaContract,
            Indexes = target.Indexes,
            Partitioning = target.Partitioning,
        });
        Stage = new PgTable(session, new TableName(schema, "_tidemark_stage_" + hash), new TablePlan { KeyFields = Key, StandsFor = Main.Name });
        Seen = new PgSeenKeys(
            session, new PgTable(session, new TableName(schema, "_tidemark_seen_" + hash), new TablePlan { KeyFields = Key, OwnColumns = [(PgSeenKeys.Failed, ColumnType.Boolean)] }), Main, Key);
        // Beside the table there are only versions of this scan: the newest of them wins, whatever is stored.
        _rows = new BatchRows(session, IsReplace ? Stage : Main, new RowOptions(Key, target.CursorField, target.IgnoreCursor && !IsReplace, compareCursors));
    }

    /// <summary>The connection.</summary>
    public Session Session { get; }

    /// <summary>The fields of the primary key; empty: each record is a new row.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>The stream's own table.</summary>
    public PgTable Main { get; }

    /// <summary>What a full scan puts aside until it is complete.</summary>
    public PgTable Stage { get; }

    /// <summary>The keys that a full scan has carried.</summary>
    public PgSeenKeys Seen { get; }

    /// <summary>True if rows that the source no longer has are looked for.</summary>
    public bool FollowsDeletions => _target.Deletions != Deletions.Ignore && _target.Disposition == WriteDisposition.Merge;

    private bool IsReplace => _target.Disposition == WriteDisposition.Replace;

    // Only these are there for this stream.
    private IEnumerable<PgTable> All => IsReplace ? [Main, Stage] : FollowsDeletions ? [Main, Seen.Table] : [Main];

    /// <summary>Reads the tables, at the start of a transaction, if a rollback has undone changes of them; each looks by itself whether somebody else has changed it.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (!_isStale) return;
        foreach (var table in All) await table.LoadAsync(cancellationToken);
        _isStale = false;
        CheckSame(Main.Shape?.Oid);
    }

    /// <summary>Carries on from tables whose connection was lost.</summary>
    public void Follow(PgStreamTables before) => _committedOid = before._committedOid;

    /// <summary>Checks that the stream's table is still the one that rows were committed to, for a transaction that writes none.</summary>
    /// <exception cref="DestinationException">It is gone, or another one.</exception>
    public async Task CheckSameAsync(CancellationToken cancellationToken)
    {
        if (_committedOid is not null) CheckSame((long?)await Session.ScalarAsync("SELECT to_regclass($1)::oid::bigint", cancellationToken, Main.Name.Quoted));
    }

    /// <summary>At this point a savepoint has undone what was done since: so are changes of tables.</summary>
    /// <param name="changes">How many changes the stream's table had then.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task RolledBackAsync(int changes, CancellationToken cancellationToken)
    {
        Main.Changes.RemoveRange(changes, Main.Changes.Count - changes);
        if (!All.Any(t => t.Touched)) return;
        foreach (var table in All) await table.LoadAsync(cancellationToken);
        // What was changed before the savepoint is still to be undone with the transaction.
        _changedBefore = true;
    }

    /// <summary>At this point the transaction was rolled back.</summary>
    public void RolledBack()
    {
        Main.Changes.Clear();
        _isStale |= _changedBefore || All.Any(t => t.Touched);
        _changedBefore = false;
    }

    /// <summary>At this point the transaction was committed: what was done to the tables is durable with the rest.</summary>
    /// <returns>The changes of the stream's table.</returns>
    public IReadOnlyList<SchemaChange> Committed()
    {
        foreach (var table in All) table.Touched = false;
        _changedBefore = false;
        // What is put aside replaces all rows, whichever table they are in.
        if (!IsReplace) _committedOid = Main.Shape?.Oid;
        SchemaChange[] changes = [.. Main.Changes];
        Main.Changes.Clear();
        return changes;
    }

    /// <summary>Writes some records of a batch.</summary>
    public async Task<WriteCounts> WriteAsync(RecordBatch batch, int start, int count, CancellationToken cancellationToken)
    {
        var arrivals = BatchArrivals.Of(batch, start, count, _target.Schema);
        if (IsReplace) await EnsureStageAsync(arrivals, batch, start, count, cancellationToken);
        else await EnsureAsync(Main, arrivals, cancellationToken);
        CheckSame(Main.Shape?.Oid);
        if (FollowsDeletions) await Seen.EnsureAsync(cancellationToken);
        var counts = await _rows.WriteAsync(batch, start, count, FollowsDeletions ? Seen.Table : null, cancellationToken);
        foreach (var column in batch.Columns)
        {
            if ((IsReplace && !Main.Exists ? Stage : Main).Discards(column.Field) && BatchArrivals.CountValues(column, start, count) is > 0 and var values) Main.AddDiscarded(column.Field, values);
        }
        return counts;
    }

    /// <summary>Takes away what a full scan has set aside, also one under another disposition, which left tables that this stream does not use.</summary>
    public async Task DropSideTablesAsync(CancellationToken cancellationToken)
    {
        foreach (var table in new[] { Stage, Seen.Table })
        {
            if (!All.Contains(table)) await table.LoadAsync(cancellationToken);
            await table.DropAsync(cancellationToken);
        }
    }

    /// <summary>A record that the table refuses is there all the same: its row must not be deleted.</summary>
    public async Task AddFailedAsync(RecordBatch batch, int row, CancellationToken cancellationToken)
    {
        await Main.EnsureAsync([.. BatchArrivals.Of(batch, row, 1, _target.Schema).Where(a => Key.Contains(a.Field, StringComparer.Ordinal))], cancellationToken);
        await Seen.EnsureAsync(cancellationToken);
        await Seen.AddFailedAsync(batch, row, cancellationToken);
    }

    public void Dispose() => _rows.Dispose();

    private void CheckSame(long? oid)
    {
        if (_committedOid is null || oid == _committedOid) return;
        throw new DestinationException(DestinationFault.Fatal,
            $"somebody else has dropped or renamed the table '{Main.Name}' during this run{(oid is null ? "" : " and made another one of its name")}: what was in it is not there any more, and nothing more was written. "
            + $"Put the table back, or read everything again: tidemark reset {_target.Stream}, then tidemark run {_target.Stream}");
    }

    private async Task EnsureStageAsync(List<PgArrival> arrivals, RecordBatch batch, int start, int count, CancellationToken cancellationToken)
    {
        // What the table may not become is refused now, not when all was read. While it is not there, what is set aside stands for it.
        Stage.Contract = Main.Exists ? SchemaContract.Evolve : _target.SchemaContract;
        if (Main.Exists && (_target.SchemaContract != SchemaContract.Evolve || _target.Partitioning is not null))
        {
            await EnsureAsync(Main, arrivals, cancellationToken);
            await Main.EnsurePartitionsAsync(batch, start, count, cancellationToken);
            arrivals.RemoveAll(a => !Main.Fields.ContainsKey(a.Field));
        }
        // Constraints that the user's table has are held as early as here.
        if (!Stage.Exists && Main.Exists) await Stage.CreateLikeAsync(Main, cancellationToken);
        await EnsureAsync(Stage, arrivals, cancellationToken);
        if (!Main.Exists) Main.CheckNew(Stage, batch, start, count);
    }

    private static async Task EnsureAsync(PgTable table, List<PgArrival> arrivals, CancellationToken cancellationToken)
    {
        await table.EnsureAsync(arrivals, cancellationToken);
        if (!table.Exists) throw new DestinationException(DestinationFault.Record, $"the records bring no value, and the table '{table.Name}' is not there yet: nothing tells its columns");
    }
}
