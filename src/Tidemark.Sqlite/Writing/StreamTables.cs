using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Writing;

/// <summary>The table of a stream and, only where the stream needs them, the tables of ours beside it.</summary>
internal sealed class StreamTables : IDisposable
{
    private readonly Database _database;
    private readonly StreamTarget _target;
    private readonly FieldContract _contract;
    private readonly RowWriter _rows;
    private long _schemaVersion = -1;
    private bool _isCommitted;

    public StreamTables(Database database, StreamTarget target, CursorGuard guard)
    {
        (_database, _target) = (database, target);
        Key = target.Disposition == WriteDisposition.Append ? [] : target.Schema.PrimaryKey;
        var hash = StableHash.Of(target.PipelineName, target.Stream, target.Table);
        Main = new SqliteTable(
            database, target.Table, Key, target.Deletions == Deletions.Mark ? [(TableColumn.DeletedAt, ColumnType.Timestamp)] : [], Log, new DeclaredIndexes(database, target.Indexes, Log));
        Stage = new SqliteTable(database, "_tidemark_stage_" + hash, Key, []);
        Seen = new SeenKeys(database, new SqliteTable(database, "_tidemark_seen_" + hash, Key, [(SeenKeys.Failed, ColumnType.Boolean)]), Main, Key);
        _contract = new FieldContract(target.SchemaContract, Log);
        var isReplace = target.Disposition == WriteDisposition.Replace;
        // Beside the table there are only versions of this scan: the newest of them wins, whatever is stored.
        _rows = new RowWriter(database, isReplace ? Stage : Main, guard, Key, target.CursorField, target.IgnoreCursor && !isReplace);
    }

    public IReadOnlyList<string> Key { get; }

    /// <summary>The changes of the user's table.</summary>
    public SchemaLog Log { get; } = new();

    public SqliteTable Main { get; }

    /// <summary>What a full scan puts aside until it is complete.</summary>
    public SqliteTable Stage { get; }

    /// <summary>The keys that a full scan has carried.</summary>
    public SeenKeys Seen { get; }

    public bool FollowsDeletions => _target.Deletions != Deletions.Ignore && _target.Disposition == WriteDisposition.Merge;

    /// <summary>How many combinations of columns have statements now.</summary>
    public int PlanCount => _rows.PlanCount;

    /// <summary>Looks whether somebody else has changed a table since, at the start of a transaction.</summary>
    public void Refresh()
    {
        if (_database.Count("PRAGMA schema_version") != _schemaVersion) Load();
        if (_isCommitted && !Main.Exists)
            throw new DestinationException(DestinationFault.Fatal,
                $"somebody else has dropped or renamed the table '{_target.Table}' during this run: what was in it is not there any more, and nothing more was written. "
                + $"Put the table back, or read everything again: tidemark reset {_target.Stream}, then tidemark run {_target.Stream}");
    }

    /// <summary>Reads all tables again.</summary>
    public void Load()
    {
        Main.Load();
        Stage.Load();
        Seen.Table.Load();
        _schemaVersion = _database.Count("PRAGMA schema_version");
    }

    /// <summary>At this point a rollback has undone what was done since: so are changes of tables.</summary>
    /// <param name="mark">How many changes had been made at the savepoint; 0 for the whole transaction.</param>
    public void RolledBack(int mark)
    {
        Log.RollbackTo(mark);
        if (!Main.Touched && !Stage.Touched && !Seen.Table.Touched) return;
        // Without the write lock somebody else may be changing them right now: the next transaction reads them then.
        if (_database.InTransaction) Load();
        else _schemaVersion = -1;
    }

    /// <summary>Commits: what was done to the tables is durable with the rest.</summary>
    public void Commit()
    {
        // Read while nobody else can change it.
        var version = _database.Count("PRAGMA schema_version");
        _database.Execute("COMMIT");
        Main.Touched = Stage.Touched = Seen.Table.Touched = false;
        _schemaVersion = version;
        // What is put aside replaces all rows, whichever table they are in.
        _isCommitted = Main.Exists && _target.Disposition != WriteDisposition.Replace;
        Log.Commit();
    }

    /// <summary>Writes some records of a batch.</summary>
    public WriteCounts Write(RecordBatch batch, int start, int count, CancellationToken cancellationToken)
    {
        var isNew = _target.Disposition == WriteDisposition.Replace && !Main.Exists;
        var arrivals = _contract.Admit(isNew ? Stage : Main, Main.Name, BatchArrivals.Of(batch, start, count, Main, _target.Schema), field => BatchArrivals.CountValues(batch, field, start, count));
        if (_target.Disposition == WriteDisposition.Replace)
        {
            // Constraints that the user's table has are held as early as here; references to itself can't be.
            if (!Stage.Exists && Main.Exists && _database.Count("SELECT count(*) FROM pragma_foreign_key_list(?1)", Main.Name) == 0) Stage.CreateLike(Main);
            Stage.Ensure(arrivals);
        }
        else
        {
            Main.Ensure(arrivals);
        }
        var counts = _rows.Write(batch, start, count, cancellationToken);
        if (FollowsDeletions) Seen.Add(batch, start, count, failed: false);
        return counts;
    }

    /// <summary>A record that the table refuses is there all the same: its row must not be deleted.</summary>
    public void AddFailed(RecordBatch batch, int row)
    {
        Main.Ensure(_contract.Admit(Main, Main.Name, BatchArrivals.Of(batch, row, 1, Main, _target.Schema).FindAll(a => Key.Contains(a.Field, StringComparer.Ordinal)), _ => 0));
        Seen.Add(batch, row, 1, failed: true);
    }

    public void Dispose()
    {
        _rows.Dispose();
        Seen.Dispose();
    }
}
