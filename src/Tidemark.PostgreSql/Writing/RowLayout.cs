using Tidemark.Batching;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>Which columns the rows of a round carry, and where in the batch their values are.</summary>
/// <param name="Columns">The columns; those that no row carries are left out.</param>
/// <param name="Sources">The place of each in the batch.</param>
internal sealed record RowLayout(IReadOnlyList<StagedColumn> Columns, IReadOnlyList<int> Sources)
{
    /// <summary>Looks at rows.</summary>
    public static RowLayout Of(RecordBatch batch, PgTable table, IReadOnlyList<PgColumn> key, KeyFold fold, int round)
    {
        var columns = new List<StagedColumn>(batch.Columns.Count);
        var sources = new List<int>(batch.Columns.Count);
        for (var source = 0; source < batch.Columns.Count; source++)
        {
            if (!table.Fields.TryGetValue(batch.Columns[source].Field, out var target)) continue;
            var rows = fold.Round(round);
            var carried = CountOf(batch.Columns[source], source, fold, rows);
            if (carried == 0) continue;
            columns.Add(new StagedColumn(target, columns.Count, carried < rows.Length, key.Contains(target)));
            sources.Add(source);
        }
        return new RowLayout(columns, sources);
    }

    private static int CountOf(BatchColumn column, int source, KeyFold fold, ReadOnlySpan<FoldedRow> rows)
    {
        var count = 0;
        foreach (ref readonly var row in rows)
        {
            if (column[row.Overlay < 0 ? row.Record : fold.RecordOf(row, source)].IsPresent) count++;
        }
        return count;
    }
}
