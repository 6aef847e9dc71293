using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;
using Tidemark.PostgreSql.Writing;

namespace Tidemark.PostgreSql.Sharing;

/// <summary>A table that a shared writer writes. It lives as long as its connection.</summary>
internal sealed class PgSharedTable : IDisposable
{
    private readonly StreamTarget _target;

    public PgSharedTable(Session session, string schema, StreamTarget target, Func<string, string, int?> compareCursors)
    {
        _target = target;
        IReadOnlyList<string> key = target.Disposition == WriteDisposition.Append ? [] : target.Schema.PrimaryKey;
        Table = new PgTable(session, TableName.Parse(target.Table, schema), new TablePlan
        {
            OurSchema = schema,
            KeyFields = key,
            Contract = target.SchemaContract,
            Indexes = target.Indexes,
            Partitioning = target.Partitioning,
        });
        Rows = new FoldedRows(Table, new RowOptions(key, target.CursorField, target.IgnoreCursor, compareCursors));
    }

    public PgTable Table { get; }

    /// <summary>Makes rows of records.</summary>
    public FoldedRows Rows { get; }

    /// <summary>Makes parameters of rows.</summary>
    public TextArrays Arrays { get; } = new();

    /// <summary>True if the table, as far as it is known, takes records without a change.</summary>
    public bool Holds(in TableRecords records) =>
        Table.Holds(BatchArrivals.Of(records.Batch, records.Start, records.Count, _target.Schema)) && !Table.LacksPartitions(records.Batch, records.Start, records.Count);

    /// <summary>Makes the table take records, as far as its contract allows.</summary>
    /// <exception cref="DestinationException">It can't.</exception>
    public async Task EnsureAsync(TableRecords records, CancellationToken cancellationToken)
    {
        await Table.EnsureAsync(BatchArrivals.Of(records.Batch, records.Start, records.Count, _target.Schema), cancellationToken);
        if (!Table.Exists) throw new DestinationException(DestinationFault.Record, $"the records bring no value, and the table '{Table.Name}' is not there yet: nothing tells its columns");
        await Table.EnsurePartitionsAsync(records.Batch, records.Start, records.Count, cancellationToken);
    }

    /// <summary>Notes which values of records were left out, because the table must not change.</summary>
    public void NoteDiscarded(in TableRecords records)
    {
        foreach (var column in records.Batch.Columns)
        {
            if (Table.Discards(column.Field) && BatchArrivals.CountValues(column, records.Start, records.Count) is > 0 and var values) Table.AddDiscarded(column.Field, values);
        }
    }

    public void Dispose()
    {
        Rows.Dispose();
        Arrays.Dispose();
    }
}
