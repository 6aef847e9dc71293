using System.Globalization;
using System.Text;

namespace Tidemark.Records;

/// <summary>Values as text: <c>true</c> and <c>false</c>, numbers in their shortest form that reads back the same, all else as it arrived.</summary>
public static class CellText
{
    /// <summary>Bytes that the longest integer or double takes.</summary>
    public const int LongestNumber = 32;

    /// <summary>A value as UTF-8: its bytes in the batch, or written into <paramref name="space"/>; empty for absent and null.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cell">The value.</param>
    /// <param name="space">Room for <see cref="LongestNumber"/> bytes.</param>
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

    /// <summary>A value as a string, for what is rare; null for absent and null.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cell">The value.</param>
    public static string? StringOf(RecordBatch batch, in Cell cell)
    {
        if (cell.Kind is CellKind.Absent or CellKind.Null) return null;
        Span<byte> space = stackalloc byte[LongestNumber];
        return Encoding.UTF8.GetString(Of(batch, cell, space));
    }
}
