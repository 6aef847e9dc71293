using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Values;

/// <summary>Values as text: for text columns as they arrived, for columns of types that are not ours so that PostgreSQL reads them as what they mean.</summary>
internal static class TextValues
{
    /// <summary>Bytes that <see cref="Write"/> may need.</summary>
    public static int LongestOf(in Cell cell) => cell.Kind is CellKind.Boolean or CellKind.Integer or CellKind.Double ? CellText.LongestNumber : Math.Max(cell.Length, TimeValues.LongestText);

    /// <summary>Writes a value; how many bytes it took.</summary>
    public static int Write(Span<byte> to, RecordBatch batch, in Cell cell, PgColumn column)
    {
        if (column.Type is null && TimeValues.HoldsTime(column) && TimeValues.TryWriteUtc(to, batch, cell, column, out var written)) return written;
        var text = CellText.Of(batch, cell, to);
        if (cell.Kind is CellKind.Boolean or CellKind.Integer or CellKind.Double)
        {
            // Truth is a constant, numbers are there already.
            if (cell.Kind == CellKind.Boolean) text.CopyTo(to);
            return text.Length;
        }
        if (cell.Kind == CellKind.Text && text.Contains((byte)0)) throw PgMisfit.Nul(column);
        text.CopyTo(to);
        return text.Length;
    }
}
