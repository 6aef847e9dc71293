using System.Globalization;
using System.Text;
using Tidemark.Records;

namespace Tidemark.Tests.Records;

/// <summary>Short forms for what a test looks at in a batch.</summary>
internal static class Cells
{
    public static string? Add(this RecordBatch batch, string json) => batch.Add(Encoding.UTF8.GetBytes(json));

    public static RecordBatch Batch(params string[] records)
    {
        var batch = new RecordBatch(new BatchSchema());
        foreach (var record in records) batch.Add(record).ShouldBeNull();
        return batch;
    }

    public static BatchColumn Column(this RecordBatch batch, string field) => batch.Columns.Single(c => string.Equals(c.Field, field, StringComparison.Ordinal));

    /// <summary>A value with its kind: <c>Integer 1</c>.</summary>
    public static string Show(this RecordBatch batch, string field, int row = 0)
    {
        var cell = batch.Column(field)[row];
        return cell.Kind switch
        {
            CellKind.Absent or CellKind.Null => $"{cell.Kind}",
            CellKind.Boolean => cell.Integer == 1 ? "Boolean true" : "Boolean false",
            CellKind.Integer => string.Create(CultureInfo.InvariantCulture, $"Integer {cell.Integer}"),
            CellKind.Double => string.Create(CultureInfo.InvariantCulture, $"Double {cell.Double:R}"),
            _ => $"{cell.Kind} {Encoding.UTF8.GetString(batch.Bytes(cell))}",
        };
    }

    /// <summary>All that a batch shows of itself.</summary>
    public static string Everything(this RecordBatch batch) =>
        $"{batch.Count} records, {batch.ByteSize} bytes\n" + string.Join('\n', batch.Columns.Where(c => c.Seen != CellKinds.None)
            .Select(c => $"{c.Field} {c.Seen} {c.Type}: {string.Join(", ", Enumerable.Range(0, batch.Count).Select(r => batch.Show(c.Field, r)))}"));
}
