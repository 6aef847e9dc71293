using System.Buffers.Binary;
using System.Globalization;
using Tidemark.Records;

namespace Tidemark.Batching;

/// <summary>Values as bytes that are the same exactly if a column of some type takes the values for equal.</summary>
internal static class KeyBytes
{
    /// <summary>Appends a value.</summary>
    public static void Append(PooledBuffer buffer, RecordBatch batch, in Cell cell, ColumnType? type)
    {
        switch (type)
        {
            case ColumnType.Bigint or ColumnType.Boolean when cell.Kind is CellKind.Integer or CellKind.Boolean:
                Append(buffer, cell.Integer);
                break;
            case ColumnType.Bigint when cell.Kind == CellKind.Double && double.IsInteger(cell.Double) && Math.Abs(cell.Double) < 1L << 53:
                Append(buffer, (long)cell.Double);
                break;
            case ColumnType.Timestamp when cell.Kind == CellKind.Timestamp && Timestamps.TryParse(batch.Bytes(cell), out var microseconds):
                Append(buffer, microseconds);
                break;
            case ColumnType.Date when cell.Kind == CellKind.Date && Dates.TryParse(batch.Bytes(cell), out var days):
                Append(buffer, days);
                break;
            case ColumnType.Double when NumberOf(batch, cell) is { } number:
                // Adding 0 makes 0 of -0.
                Append(buffer, BitConverter.DoubleToInt64Bits(number + 0.0));
                break;
            case ColumnType.Bigint or ColumnType.Decimal:
                Span<byte> digits = stackalloc byte[CellText.LongestNumber];
                AppendNumber(buffer, CellText.Of(batch, cell, digits));
                break;
            default:
                Span<byte> text = stackalloc byte[CellText.LongestNumber];
                AppendText(buffer, CellText.Of(batch, cell, text));
                break;
        }
    }

    private static double? NumberOf(RecordBatch batch, in Cell cell) => cell.Kind switch
    {
        CellKind.Integer => cell.Integer,
        CellKind.Double => cell.Double,
        CellKind.Decimal or CellKind.Text when double.TryParse(batch.Bytes(cell), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static void Append(PooledBuffer buffer, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(sizeof(long)), value);
        buffer.Advance(sizeof(long));
    }

    // With its length before it, so that two keys of several texts don't run together.
    private static void AppendText(PooledBuffer buffer, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(sizeof(int)), text.Length);
        buffer.Advance(sizeof(int));
        buffer.Write(text);
    }

    // 1, 1.0 and 10e-1 are one number: its digits without zeros at either end, and where the point is.
    private static void AppendNumber(PooledBuffer buffer, ReadOnlySpan<byte> text)
    {
        if (!DecimalText.TryParse(text, out var number))
        {
            AppendText(buffer, text);
            return;
        }
        var length = number.Length;
        while (length > 0 && number[length - 1] == 0) length--;
        var (sign, scale) = length == 0 ? (0, 0) : (number.IsNegative ? -1 : 1, number.Scale - (number.Length - length));
        Append(buffer, ((long)scale << 32) | (uint)(sign * length));
        var digits = buffer.GetSpan(Math.Max(1, length));
        for (var i = 0; i < length; i++) digits[i] = (byte)number[i];
        buffer.Advance(length);
    }
}
