using Tidemark.Batching;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>Which columns the rows of a round carry, and where in the batch their values are.</summary>
internal sealed class RowLayout
{
    private readonly StagedColumn[] _columns;
    private readonly BatchColumn[] _values;
    private readonly int[] _sources;

    private RowLayout(StagedColumn[] columns, BatchColumn[] values, int[] sources)
    {
        _columns = columns;
        _values = values;
        _sources = sources;
    }

    /// <summary>The columns; those that no row carries are left out.</summary>
    public ReadOnlySpan<StagedColumn> Columns => _columns;

    /// <summary>Looks at rows.</summary>
    public static RowLayout Of(RecordBatch batch, PgTable table, IReadOnlyList<PgColumn> key, KeyFold fold, int round)
    {
        var columns = new List<StagedColumn>(batch.Columns.Count);
        var values = new List<BatchColumn>(batch.Columns.Count);
        var sources = new List<int>(batch.Columns.Count);
        for (var source = 0; source < batch.Columns.Count; source++)
        {
            if (!table.Fields.TryGetValue(batch.Columns[source].Field, out var target)) continue;
            var rows = fold.Round(round);
            var carried = CountOf(batch.Columns[source], source, fold, rows);
            if (carried == 0) continue;
            columns.Add(new StagedColumn(target, columns.Count, carried < rows.Length, key.Contains(target)));
            values.Add(batch.Columns[source]);
            sources.Add(source);
        }
        return new RowLayout([.. columns], [.. values], [.. sources]);
    }

    /// <summary>The columns of the key alone, written to the columns of another table.</summary>
    public RowLayout ForKeys(IReadOnlyList<PgColumn> key, IReadOnlyList<PgColumn> targets)
    {
        var places = key.Select(k => Array.FindIndex(_columns, c => c.Target == k)).ToArray();
        return new RowLayout([.. targets.Select((t, i) => new StagedColumn(t, i, false, true))], [.. places.Select(p => _values[p])], [.. places.Select(p => _sources[p])]);
    }

    /// <summary>A row's value.</summary>
    /// <param name="column">The place of the column among <see cref="Columns"/>.</param>
    /// <param name="row">The row.</param>
    /// <param name="fold">Where the row is from.</param>
    public Cell CellOf(int column, in FoldedRow row, KeyFold fold) => _values[column][row.Overlay < 0 ? row.Record : fold.RecordOf(row, _sources[column])];

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
