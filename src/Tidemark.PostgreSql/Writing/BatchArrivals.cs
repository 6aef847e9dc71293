using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>What some records of a batch bring to a table.</summary>
internal static class BatchArrivals
{
    /// <summary>The fields that come, and those that are declared.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="start">The first record.</param>
    /// <param name="count">How many.</param>
    /// <param name="schema">What is declared of the table.</param>
    public static List<PgArrival> Of(RecordBatch batch, int start, int count, BatchSchema schema)
    {
        var arrivals = new List<PgArrival>(batch.Columns.Count);
        foreach (var column in batch.Columns)
        {
            // Where a batch is halved, what only other records bring must not be what these are refused for.
            var seen = count == batch.Count ? column.Seen : column.SeenIn(start, count);
            if (seen != CellKinds.None) arrivals.Add(new PgArrival(column.Field, column.Declared ?? ColumnTypes.Infer(seen), seen, column.Declared is not null));
        }
        foreach (var column in schema.Columns)
        {
            // A declared column is there before its first value.
            if (column.Type is { } type && !arrivals.Exists(a => string.Equals(a.Field, column.Name, StringComparison.Ordinal)))
                arrivals.Add(new PgArrival(column.Name, type, CellKinds.None, IsDeclared: true));
        }
        return arrivals;
    }

    /// <summary>How many of the records have a value in a column.</summary>
    public static long CountValues(BatchColumn column, int start, int count) => Enumerable.Range(start, count).LongCount(row => column[row].Kind is not (CellKind.Absent or CellKind.Null));
}
