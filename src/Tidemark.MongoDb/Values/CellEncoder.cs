using System.Buffers;
using System.Buffers.Text;
using Tidemark.MongoDb.Bson;
using Tidemark.Records;

namespace Tidemark.MongoDb.Values;

/// <summary>
/// Values of a batch as BSON. What a value becomes depends on the value and its declared type, and on nothing else: a record that comes again is the same document again, whatever comes
/// with it.
/// </summary>
internal static class CellEncoder
{
    private const long PerMillisecond = 1000;
    private const long MillisecondsOfDay = 86_400_000;

    /// <summary>Writes a value that is present; or says why it can't be written, and the writer has to be truncated then.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="name">The field.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="cell">The value.</param>
    /// <param name="declared">Its declared type; null: none.</param>
    public static string? Write(BsonWriter writer, ReadOnlySpan<byte> name, RecordBatch batch, in Cell cell, ColumnType? declared)
    {
        switch (declared)
        {
            case ColumnType.Bytes when cell.Kind == CellKind.Text:
                WriteBytes(writer, name, batch.Bytes(cell));
                return null;
            case ColumnType.Decimal when cell.Kind is CellKind.Integer or CellKind.Double or CellKind.Decimal:
                Span<byte> space = stackalloc byte[CellText.LongestNumber];
                if (!Decimal128.TryEncode(DigitsOf(batch, cell, space), out var number)) return "a number has more digits than the 34 that a decimal of MongoDB holds";
                writer.Decimal(name, number);
                return null;
            case ColumnType.Bigint when cell.Kind == CellKind.Integer:
                writer.Int64(name, cell.Integer);
                return null;
            case ColumnType.Double when cell.Kind == CellKind.Double:
                writer.Double(name, cell.Double);
                return null;
            case ColumnType.Text when cell.Kind is not CellKind.Null:
                Span<byte> text = stackalloc byte[CellText.LongestNumber];
                writer.String(name, CellText.Of(batch, cell, text));
                return null;
            default:
                return WriteAsItIs(writer, name, batch, cell, isDeclaredTime: declared == ColumnType.Timestamp);
        }
    }

    private static string? WriteAsItIs(BsonWriter writer, ReadOnlySpan<byte> name, RecordBatch batch, in Cell cell, bool isDeclaredTime)
    {
        switch (cell.Kind)
        {
            case CellKind.Boolean:
                writer.Boolean(name, cell.Integer == 1);
                break;
            case CellKind.Integer:
                NestedEncoder.WriteInteger(writer, name, cell.Integer);
                break;
            case CellKind.Double:
                NestedEncoder.WriteDouble(writer, name, cell.Double);
                break;
            case CellKind.Decimal when Decimal128.TryEncode(batch.Bytes(cell), out var number):
                writer.Decimal(name, number);
                break;
            case CellKind.Timestamp when Timestamps.TryParse(batch.Bytes(cell), out var microseconds) && (isDeclaredTime || microseconds % PerMillisecond == 0):
                // Floor, not towards zero: before 1970 too, cutting off makes a time earlier.
                writer.Date(name, Math.DivRem(microseconds, PerMillisecond) is var (quotient, rest) && rest < 0 ? quotient - 1 : quotient);
                break;
            case CellKind.Date when Dates.TryParse(batch.Bytes(cell), out var days):
                writer.Date(name, days * MillisecondsOfDay);
                break;
            case CellKind.Json:
                return NestedEncoder.Write(writer, name, batch.Bytes(cell));
            case CellKind.Null or CellKind.Absent:
                writer.Null(name);
                break;
            default:
                // Text, times finer than MongoDB keeps, and numbers that only their digits hold.
                writer.String(name, batch.Bytes(cell));
                break;
        }
        return null;
    }

    private static ReadOnlySpan<byte> DigitsOf(RecordBatch batch, in Cell cell, Span<byte> space) =>
        // 1.10 is not 1.1 to whoever declares a decimal.
        cell.Kind == CellKind.Double && cell.Length > 0 ? batch.Bytes(cell) : CellText.Of(batch, cell, space);

    private static void WriteBytes(BsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> base64)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(base64.Length));
        Base64.DecodeFromUtf8(base64, bytes, out _, out var length);
        writer.Binary(name, bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
