using Tidemark.Records;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Writing;

/// <summary>What some records of a batch bring to a table.</summary>
internal static class BatchArrivals
{
    /// <summary>The fields that come, and the declared ones that the table does not have yet.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="start">The first record.</param>
    /// <param name="count">How many.</param>
    /// <param name="table">The table.</param>
    /// <param name="schema">What is declared of it.</param>
    public static List<Arrival> Of(RecordBatch batch, int start, int count, SqliteTable table, BatchSchema schema)
    {
        var arrivals = new List<Arrival>(batch.Columns.Count);
        foreach (var column in batch.Columns)
        {
            // Where a batch is halved, what only other records bring must not be what these are refused for.
            var seen = count == batch.Count ? column.Seen : column.SeenIn(start, count);
            if (seen != CellKinds.None)
                arrivals.Add(new Arrival(column.Field, column.Declared ?? ColumnTypes.Infer(seen), seen, () => LooksLikeTime(batch, column, start, count)));
        }
        foreach (var column in schema.Columns)
        {
            // A declared column is there before its first value.
            if (column.Type is { } type && !table.Fields.ContainsKey(column.Name) && !table.Has(column.Name) && !arrivals.Exists(a => string.Equals(a.Field, column.Name, StringComparison.Ordinal)))
                arrivals.Add(new Arrival(column.Name, type, CellKinds.None));
        }
        return arrivals;
    }

    /// <summary>How many of the records have a value in a field.</summary>
    public static long CountValues(RecordBatch batch, string field, int start, int count)
    {
        var column = batch.Find(field)!;
        return Enumerable.Range(start, count).LongCount(row => column[row].Kind is not (CellKind.Absent or CellKind.Null));
    }

    private static bool LooksLikeTime(RecordBatch batch, BatchColumn column, int start, int count)
    {
        for (var row = start; row < start + count; row++)
        {
            var cell = column[row];
            if (cell.Kind is not (CellKind.Absent or CellKind.Null or CellKind.Timestamp or CellKind.Date) && !(cell.Kind == CellKind.Text && CellBinder.LooksLikeTime(batch.Bytes(cell)))) return false;
        }
        return true;
    }
}
