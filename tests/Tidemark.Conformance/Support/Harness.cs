using Tidemark.Destinations;
using Tidemark.Scanning;

namespace Tidemark.Conformance.Support;

/// <summary>A destination on a real database of its own, and what a test needs to look at it and to disturb it from outside.</summary>
public abstract class Harness : IAsyncLifetime
{
    /// <summary>The pipeline of all streams.</summary>
    public const string PipelineName = "conformance";

    /// <summary>True if timestamps and JSON are kept as they were written: the same instant, or the same object, in another form is a change then.</summary>
    public abstract bool KeepsSpelling { get; }

    /// <summary>True if the order of an object's fields is kept: another order is a change then.</summary>
    public virtual bool KeepsFieldOrder => KeepsSpelling;

    /// <summary>
    /// True if it tells of each record that met a row whether it changed it. Otherwise it knows of a call only how many did, and which of them it tells is a guess; the sum is right.
    /// </summary>
    public virtual bool TellsUpdatedFromUnchanged => true;

    /// <summary>True if text may hold NUL.</summary>
    public abstract bool KeepsNul { get; }

    /// <summary>True if names that differ in case only are the same to the database, so that only one of them can have its own column name.</summary>
    public abstract bool IgnoresCase { get; }

    /// <summary>True if there are partitions.</summary>
    public abstract bool HasPartitions { get; }

    /// <summary>True if rows have a number that lasts.</summary>
    public abstract bool HasRowIds { get; }

    /// <summary>True if several transactions may write at once.</summary>
    public abstract bool WritesAtOnce { get; }

    /// <summary>
    /// False for a document store, which has no tables that a test could make, alter or look at by SQL: what only they can show does not concern it. A field has no type there, either, that all of
    /// its values would have to fit.
    /// </summary>
    public virtual bool SpeaksSql => true;

    /// <summary>
    /// False if what was written stays although it was never committed. Such a destination is excused from undoing merges, changes of fields, and queues that a process which is gone has left; it
    /// is not excused from counting right, from repeats that are harmless, from fences, nor from checkpoints that come last.
    /// </summary>
    public virtual bool IsTransactional => true;

    /// <summary>Skips a test of what only SQL can show.</summary>
    public void NeedsSql() => Skip.IfNot(SpeaksSql, "a document store has no tables that SQL could make, alter or look at");

    /// <summary>Skips a test of what was written and never committed.</summary>
    public void NeedsTransactions() => Skip.IfNot(IsTransactional, "what was written stays although it was never committed");

    /// <summary>Skips a test of transactions that are open at the same time.</summary>
    public void NeedsWritersAtOnce() => Skip.IfNot(WritesAtOnce, "one transaction writes at a time");

    /// <summary>Skips a test that asks of each record whether it changed its row.</summary>
    public void NeedsOutcomeOfEach() => Skip.IfNot(TellsUpdatedFromUnchanged, "of a call it is known how many records changed a row, not which");

    /// <summary>The live destination: the same one for the whole test.</summary>
    public IDestination Destination => field ??= Open(new DestinationServices { CompareCursors = CursorKinds.Compare });

    /// <summary>Makes the database.</summary>
    public abstract Task InitializeAsync();

    /// <summary>Takes it away.</summary>
    public virtual async Task DisposeAsync() => await Destination.DisposeAsync();

    /// <summary>Another live destination on the same database, as another process would have.</summary>
    public abstract IDestination Open(DestinationServices services);

    /// <summary>Runs SQL as somebody else.</summary>
    public abstract Task ExecuteAsync(string sql);

    /// <summary>The first value of the first row as text; null if there is none, or if it is NULL.</summary>
    public abstract Task<string?> ScalarAsync(string sql);

    /// <summary>
    /// The rows of a table, values by field in their <see cref="Canonical"/> form, null left out; a mark of deletion as <c>true</c> in
    /// <c>_tidemark_deleted_at</c>. Empty if there is no table.
    /// </summary>
    public abstract Task<IReadOnlyList<Dictionary<string, string>>> ReadAsync(string table);

    /// <summary>The names and types of a table's columns, as the database writes them.</summary>
    public abstract Task<IReadOnlyList<(string Name, string Type)>> ColumnsAsync(string table);

    /// <summary>The names of the tables whose name starts so.</summary>
    public abstract Task<IReadOnlyList<string>> TablesAsync(string prefix);

    /// <summary>Lets a stream's lease expire, as if its holder had been stopped for long.</summary>
    public abstract Task ExpireAsync(string stream);

    /// <summary>Lets the time of a kept answer be over.</summary>
    public abstract Task ExpireAnswerAsync(string key);

    /// <summary>Asks how many seconds are left until a time in one of our tables, by the database's clock.</summary>
    public abstract string SecondsLeftSql(string table, string column, string where);

    /// <summary>Cuts all connections to the database; false if there are none that could be cut.</summary>
    public abstract Task<bool> CutAsync();

    /// <summary>How the type of a column that was made for us is called.</summary>
    public abstract string TypeName(Records.ColumnType type);
}
