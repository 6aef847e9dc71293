using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace Tidemark.Records;

/// <summary>Turns JSON tokens into cells.</summary>
internal static class CellReader
{
    /// <summary>Reads the value that the reader stands on and moves it to the value's end.</summary>
    /// <param name="reader">Reads bytes that lie in <paramref name="bytes"/>.</param>
    /// <param name="start">Where the reader's first byte lies.</param>
    /// <param name="bytes">The batch's bytes; unescaped text is appended, within room that was made before.</param>
    public static Cell Read(ref Utf8JsonReader reader, int start, PooledBuffer bytes)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return Cell.Null;
            case JsonTokenType.True:
            case JsonTokenType.False:
                return Cell.OfBoolean(reader.TokenType == JsonTokenType.True);
            case JsonTokenType.Number:
                return Number(ref reader, start);
            case JsonTokenType.String when reader.ValueIsEscaped:
                var offset = bytes.Length;
                bytes.Advance(reader.CopyString(bytes.GetSpan(reader.ValueSpan.Length)));
                return Cell.OfBytes(KindOf(bytes.Written[offset..]), offset, bytes.Length - offset);
            case JsonTokenType.String:
                return Cell.OfBytes(KindOf(reader.ValueSpan), start + (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
            default:
                var from = (int)reader.TokenStartIndex;
                reader.Skip();
                return Cell.OfBytes(CellKind.Json, start + from, (int)reader.BytesConsumed - from);
        }
    }

    /// <summary>Converts a value to a declared type; false if it does not fit.</summary>
    public static bool TryConvert(ref Cell cell, ColumnType type, PooledBuffer bytes)
    {
        if (cell.Kind is CellKind.Absent or CellKind.Null) return true;
        if (cell.Kind is CellKind.Timestamp or CellKind.Date)
        {
            if (type is ColumnType.Timestamp or ColumnType.Date) return cell.Kind == (type == ColumnType.Date ? CellKind.Date : CellKind.Timestamp);
            cell = Cell.OfBytes(CellKind.Text, cell.Offset, cell.Length);
        }
        var text = cell.Kind is CellKind.Text or CellKind.Decimal or CellKind.Json ? bytes.Written.Slice(cell.Offset, cell.Length) : default;
        switch (type)
        {
            case ColumnType.Boolean:
                if (cell.Kind == CellKind.Text && Utf8Parser.TryParse(text, out bool truth, out var read) && read == text.Length) cell = Cell.OfBoolean(truth);
                return cell.Kind == CellKind.Boolean;
            case ColumnType.Bigint:
                if (cell.Kind == CellKind.Text && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) cell = Cell.OfInteger(whole);
                if (cell.Kind == CellKind.Double && double.IsInteger(cell.Double) && Math.Abs(cell.Double) <= 1L << 53) cell = Cell.OfInteger((long)cell.Double);
                return cell.Kind == CellKind.Integer;
            case ColumnType.Double:
                if (cell.Kind is CellKind.Text or CellKind.Decimal && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) cell = Cell.OfDouble(number);
                if (cell.Kind == CellKind.Integer) cell = Cell.OfDouble(cell.Integer);
                return cell.Kind == CellKind.Double;
            case ColumnType.Decimal:
                if (cell.Kind == CellKind.Text && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) cell = Cell.OfBytes(CellKind.Decimal, cell.Offset, cell.Length);
                return cell.Kind is CellKind.Decimal or CellKind.Integer or CellKind.Double;
            case ColumnType.Timestamp:
                // Finer than microseconds: nobody asked to take what was only inferred for less than it is, but here somebody does.
                if (cell.Kind == CellKind.Text && Timestamps.TryParse(text, out _)) cell = Cell.OfBytes(CellKind.Timestamp, cell.Offset, cell.Length);
                return cell.Kind == CellKind.Timestamp;
            case ColumnType.Date:
                return false;
            case ColumnType.Bytes:
                return cell.Kind == CellKind.Text && Base64.IsValid(text);
            case ColumnType.Text when cell.Kind == CellKind.Double && cell.Length > 0:
                // 1.10 is not 1.1 to whoever declares a text.
                cell = Cell.OfBytes(CellKind.Text, cell.Offset, cell.Length);
                return true;
            default:
                // Text and json take everything; the destination writes a number or a boolean in its JSON form.
                return true;
        }
    }

    /// <summary>What a text looks like: a column takes its type from it only if all its values do.</summary>
    private static CellKind KindOf(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 10 or > 40 || text[4] != '-') return CellKind.Text;
        return text.Length == 10 ? (Dates.TryParse(text, out _) ? CellKind.Date : CellKind.Text) : Timestamps.TryParse(text, out _, out var exact) && exact ? CellKind.Timestamp : CellKind.Text;
    }

    private static Cell Number(ref Utf8JsonReader reader, int start)
    {
        var digits = reader.ValueSpan;
        var offset = start + (int)reader.TokenStartIndex;
        if (digits.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0)
            return reader.TryGetInt64(out var whole) ? Cell.OfInteger(whole) : Cell.OfBytes(CellKind.Decimal, offset, digits.Length);
        // 15 digits are what a double always gives back, 16 often; with more, only a decimal keeps them.
        return digits.Length <= 17 && reader.TryGetDouble(out var number) && double.IsFinite(number) && !Underflows(number, digits) && (digits.Length < 17 || GivesBack(number, digits))
            ? Cell.OfDouble(number, offset, (byte)digits.Length)
            : Cell.OfBytes(CellKind.Decimal, offset, digits.Length);
    }

    /// <summary>True for a number so close to 0 that a double loses digits of it, or all of them.</summary>
    private static bool Underflows(double number, ReadOnlySpan<byte> digits)
    {
        if (double.IsNormal(number)) return false;
        var exponent = digits.IndexOfAny((byte)'e', (byte)'E');
        return digits[..(exponent < 0 ? digits.Length : exponent)].ContainsAnyInRange((byte)'1', (byte)'9');
    }

    /// <summary>True if a double is written with the digits that it was read from, 17 characters of them.</summary>
    private static bool GivesBack(double number, ReadOnlySpan<byte> digits)
    {
        // A sign, a leading zero or an exponent leaves 15 at most.
        if (digits[0] is (byte)'-' or (byte)'0' || digits.IndexOfAny((byte)'e', (byte)'E') >= 0) return true;
        Span<byte> written = stackalloc byte[32];
        return number.TryFormat(written, out var length, "R", CultureInfo.InvariantCulture) && digits.TrimEnd((byte)'0').TrimEnd((byte)'.').SequenceEqual(written[..length]);
    }
}
