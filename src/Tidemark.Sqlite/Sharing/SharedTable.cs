using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;
using Tidemark.Sqlite.Writing;

namespace Tidemark.Sqlite.Sharing;

/// <summary>A table that a shared writer writes.</summary>
internal sealed class SharedTable : IDisposable
{
    private readonly StreamTarget _target;
    private readonly FieldContract _contract;
    private readonly RowWriter _rows;

    public SharedTable(Database database, StreamTarget target, CursorGuard guard, SchemaLog log)
    {
        _target = target;
        IReadOnlyList<string> key = target.Disposition == WriteDisposition.Append ? [] : target.Schema.PrimaryKey;
        Table = new SqliteTable(database, target.Table, key, [], log, new DeclaredIndexes(database, target.Indexes, log));
        _contract = new FieldContract(target.SchemaContract, log);
        _rows = new RowWriter(database, Table, guard, key, target.CursorField, target.IgnoreCursor);
    }

    public SqliteTable Table { get; }

    /// <summary>Writes some records of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="start">The first record.</param>
    /// <param name="outcomes">Gets what became of each.</param>
    /// <param name="withRowIds">True to tell the numbers of their rows.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public void Write(RecordBatch batch, int start, Span<WrittenRecord> outcomes, bool withRowIds, CancellationToken cancellationToken)
    {
        var count = outcomes.Length;
        if (count == 0) return;
        var arrivals = BatchArrivals.Of(batch, start, count, Table, _target.Schema);
        Table.Ensure(_contract.Admit(Table, Table.Name, arrivals, field => BatchArrivals.CountValues(batch, field, start, count)));
        _rows.WriteEach(batch, start, outcomes, withRowIds, cancellationToken);
    }

    public void Dispose() => _rows.Dispose();
}
