using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Values;

/// <summary>
/// Writes values as fields of COPY in its binary format: the length, or -1 for NULL, then the bytes as the column's type receives them. Columns of types that are not
/// ours get their values as text. No string is made, except for what is rare.
/// </summary>
internal static class FieldEncoder
{
    private const int Null = -1;
    private const int LengthSize = sizeof(int);

    /// <summary>Appends a value.</summary>
    /// <exception cref="Destinations.DestinationException">The column can't hold it.</exception>
    public static void Write(PooledBuffer buffer, RecordBatch batch, in Cell cell, PgColumn column)
    {
        if (cell.Kind is CellKind.Absent or CellKind.Null)
        {
            WriteNull(buffer);
            return;
        }
        switch (column.Type)
        {
            case ColumnType.Bigint:
                WriteInt64(buffer, Whole(batch, cell, column));
                break;
            case ColumnType.Double:
                WriteInt64(buffer, BitConverter.DoubleToInt64Bits(Floating(batch, cell, column)));
                break;
            case ColumnType.Boolean:
                WriteBoolean(buffer, Truth(batch, cell, column));
                break;
            case ColumnType.Timestamp:
                WriteInt64(buffer, TimeValues.Microseconds(batch, cell, column));
                break;
            case ColumnType.Date:
                var field = buffer.GetSpan(LengthSize + sizeof(int));
                BinaryPrimitives.WriteInt32BigEndian(field, sizeof(int));
                BinaryPrimitives.WriteInt32BigEndian(field[LengthSize..], TimeValues.Days(batch, cell, column));
                buffer.Advance(LengthSize + sizeof(int));
                break;
            case ColumnType.Decimal:
                WriteNumeric(buffer, batch, cell, column);
                break;
            case ColumnType.Json:
                var json = buffer.GetSpan(LengthSize + 1 + JsonValues.LongestOf(cell));
                // The version of the format of jsonb.
                json[LengthSize] = 1;
                Finish(buffer, json, 1 + JsonValues.Write(json[(LengthSize + 1)..], batch, cell, column));
                break;
            case ColumnType.Bytes:
                WriteBytes(buffer, batch, cell, column);
                break;
            default:
                var text = buffer.GetSpan(LengthSize + TextValues.LongestOf(cell));
                Finish(buffer, text, TextValues.Write(text[LengthSize..], batch, cell, column));
                break;
        }
    }

    /// <summary>Appends true or false.</summary>
    public static void WriteBoolean(PooledBuffer buffer, bool value)
    {
        var field = buffer.GetSpan(LengthSize + 1);
        BinaryPrimitives.WriteInt32BigEndian(field, 1);
        field[LengthSize] = value ? (byte)1 : (byte)0;
        buffer.Advance(LengthSize + 1);
    }

    private static void WriteNull(PooledBuffer buffer)
    {
        BinaryPrimitives.WriteInt32BigEndian(buffer.GetSpan(LengthSize), Null);
        buffer.Advance(LengthSize);
    }

    private static void WriteInt64(PooledBuffer buffer, long value)
    {
        var field = buffer.GetSpan(LengthSize + sizeof(long));
        BinaryPrimitives.WriteInt32BigEndian(field, sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(field[LengthSize..], value);
        buffer.Advance(LengthSize + sizeof(long));
    }

    private static void WriteNumeric(PooledBuffer buffer, RecordBatch batch, in Cell cell, PgColumn column)
    {
        Span<byte> space = stackalloc byte[CellText.LongestNumber];
        if (cell.Kind is CellKind.Boolean or CellKind.Json || !DecimalText.TryParse(CellText.Of(batch, cell, space), out var number)) throw PgMisfit.Of(batch, cell, column, "a number");
        if (NumericValues.LengthOf(number) is not { } length) throw PgMisfit.Of(batch, cell, column, "at most 131072 digits before the decimal point and 16383 after it");
        var field = buffer.GetSpan(LengthSize + length);
        NumericValues.Write(field[LengthSize..], number);
        Finish(buffer, field, length);
    }

    private static void WriteBytes(PooledBuffer buffer, RecordBatch batch, in Cell cell, PgColumn column)
    {
        if (cell.Kind is CellKind.Boolean or CellKind.Integer or CellKind.Double) throw PgMisfit.Of(batch, cell, column, "base64");
        var text = batch.Bytes(cell);
        var field = buffer.GetSpan(LengthSize + Base64.GetMaxDecodedFromUtf8Length(text.Length));
        if (Base64.DecodeFromUtf8(text, field[LengthSize..], out _, out var written) != OperationStatus.Done) throw PgMisfit.Of(batch, cell, column, "base64");
        Finish(buffer, field, written);
    }

    private static void Finish(PooledBuffer buffer, Span<byte> field, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(field, length);
        buffer.Advance(LengthSize + length);
    }

    private static long Whole(RecordBatch batch, in Cell cell, PgColumn column) => cell.Kind switch
    {
        CellKind.Integer => cell.Integer,
        // Up to 2^53 each whole number has a double of its own.
        CellKind.Double when double.IsInteger(cell.Double) && Math.Abs(cell.Double) <= 1L << 53 => (long)cell.Double,
        CellKind.Text when long.TryParse(batch.Bytes(cell), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw PgMisfit.Of(batch, cell, column, "a whole number of 64 bits"),
    };

    private static double Floating(RecordBatch batch, in Cell cell, PgColumn column) => cell.Kind switch
    {
        CellKind.Integer => cell.Integer,
        CellKind.Double => cell.Double,
        CellKind.Decimal or CellKind.Text when double.TryParse(batch.Bytes(cell), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => throw PgMisfit.Of(batch, cell, column, "a floating-point number"),
    };

    private static bool Truth(RecordBatch batch, in Cell cell, PgColumn column)
    {
        if (cell.Kind == CellKind.Boolean || (cell.Kind == CellKind.Integer && cell.Integer is 0 or 1)) return cell.Integer == 1;
        if (cell.Kind == CellKind.Text)
        {
            var text = batch.Bytes(cell);
            if (Utf8Parser.TryParse(text, out bool truth, out var read) && read == text.Length) return truth;
        }
        throw PgMisfit.Of(batch, cell, column, "true or false");
    }
}
