using System.Text;
using Tidemark.Batching;
using Tidemark.PostgreSql.Tables;
using Tidemark.PostgreSql.Values;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Writing;

/// <summary>Rows as arrays of texts, one for each column: for few rows they are faster than a temporary table, and leave nothing behind in the catalog.</summary>
internal sealed class TextArrays : IDisposable
{
    private readonly PooledBuffer _bytes = new(1024);

    /// <summary>Makes the parameters of <see cref="RowSql.FromArrays"/>.</summary>
    public IReadOnlyList<object?> Of(RecordBatch batch, KeyFold fold, int round, RowLayout layout)
    {
        var rows = fold.Round(round);
        var arrays = new List<object?>(layout.Columns.Length);
        for (var i = 0; i < layout.Columns.Length; i++)
        {
            var column = layout.Columns[i];
            var texts = new string?[rows.Length];
            var presence = new bool[column.IsMixed ? rows.Length : 0];
            for (var row = 0; row < rows.Length; row++)
            {
                var cell = layout.CellOf(i, rows[row], fold);
                texts[row] = TextOf(batch, cell, column.Target);
                if (column.IsMixed) presence[row] = cell.IsPresent;
            }
            arrays.Add(texts);
            if (column.IsMixed) arrays.Add(presence);
        }
        return arrays;
    }

    public void Dispose() => _bytes.Dispose();

    private string? TextOf(RecordBatch batch, in Cell cell, PgColumn column)
    {
        if (cell.Kind is CellKind.Absent or CellKind.Null) return null;
        _bytes.Truncate(0);
        // What the column can't hold is refused in the same words, however many rows there are.
        FieldEncoder.Write(_bytes, batch, cell, column);
        if (column.Type is null or ColumnType.Text) return Encoding.UTF8.GetString(_bytes.Written[sizeof(int)..]);
        if (column.Type == ColumnType.Json) return Encoding.UTF8.GetString(_bytes.Written[(sizeof(int) + 1)..]);
        if (column.Type == ColumnType.Bytes) return Convert.ToBase64String(_bytes.Written[sizeof(int)..]);
        Span<byte> space = stackalloc byte[TimeValues.LongestText];
        return column.Type is ColumnType.Timestamp or ColumnType.Date && TimeValues.TryWriteUtc(space, batch, cell, column, out var length)
            ? Encoding.UTF8.GetString(space[..length])
            : Encoding.UTF8.GetString(CellText.Of(batch, cell, space));
    }
}
