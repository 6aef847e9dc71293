using System.Globalization;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Values;

/// <summary>Values as text: for text columns as they arrived, for columns of types that are not ours so that PostgreSQL reads them as what they mean.</summary>
internal static class TextValues
{
    /// <summary>Characters of the longest integer or double.</summary>
    public const int LongestNumber = 32;

    /// <summary>Bytes that <see cref="Write"/> may need.</summary>
    public static int LongestOf(in Cell cell) => cell.Kind is CellKind.Boolean or CellKind.Integer or CellKind.Double ? LongestNumber : Math.Max(cell.Length, TimeValues.LongestText);

    /// <summary>Writes a value; how many bytes it took.</summary>
    public static int Write(Span<byte> to, RecordBatch batch, in Cell cell, PgColumn column)
    {
        if (column.Type is null && TimeValues.HoldsTime(column) && TimeValues.TryWriteUtc(to, batch, cell, column, out var written)) return written;
        var text = Of(batch, cell, to);
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

    /// <summary>A value as text: its bytes in the batch, or in <paramref name="space"/>, which takes <see cref="LongestNumber"/>.</summary>
    public static ReadOnlySpan<byte> Of(RecordBatch batch, in Cell cell, Span<byte> space)
    {
        int length;
        switch (cell.Kind)
        {
            case CellKind.Absent or CellKind.Null:
                return default;
            case CellKind.Boolean:
                return cell.Integer == 1 ? "true"u8 : "false"u8;
            case CellKind.Integer:
                cell.Integer.TryFormat(space, out length, default, CultureInfo.InvariantCulture);
                return space[..length];
            case CellKind.Double:
                cell.Double.TryFormat(space, out length, "R", CultureInfo.InvariantCulture);
                return space[..length];
            default:
                return batch.Bytes(cell);
        }
    }
}
