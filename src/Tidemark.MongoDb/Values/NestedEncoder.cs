using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Tidemark.MongoDb.Bson;

namespace Tidemark.MongoDb.Values;

/// <summary>Objects and lists of a record, straight from their JSON to BSON: nested stays nested. Texts stay texts, whatever they look like.</summary>
internal static class NestedEncoder
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 };

    /// <summary>Writes an object or a list; or says why it can't be written, and the writer has to be truncated then.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="name">The field.</param>
    /// <param name="json">The value: JSON that was read before.</param>
    public static string? Write(BsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Options);
        reader.Read();
        return WriteValue(writer, name, ref reader);
    }

    /// <summary>Writes a number with all its digits.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="name">The field.</param>
    /// <param name="digits">As JSON writes it.</param>
    public static void WriteNumber(BsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> digits)
    {
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) WriteInteger(writer, name, whole);
        else if (digits.Length <= 17 && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && (double.IsNormal(number) || number == 0)) WriteDouble(writer, name, number);
        else if (Decimal128.TryEncode(digits, out var value)) writer.Decimal(name, value);
        else writer.String(name, digits);
    }

    /// <summary>Writes a number as what it is, not as it was written: 5.0 and 5 are one number.</summary>
    public static void WriteDouble(BsonWriter writer, ReadOnlySpan<byte> name, double value)
    {
        const double Largest = 1L << 53;
        if (double.IsInteger(value) && Math.Abs(value) <= Largest && !(value == 0 && double.IsNegative(value))) WriteInteger(writer, name, (long)value);
        else writer.Double(name, value);
    }

    /// <summary>Writes a whole number in as few bytes as it needs.</summary>
    public static void WriteInteger(BsonWriter writer, ReadOnlySpan<byte> name, long value)
    {
        if (value is >= int.MinValue and <= int.MaxValue) writer.Int32(name, (int)value);
        else writer.Int64(name, value);
    }

    private static string? WriteValue(BsonWriter writer, scoped ReadOnlySpan<byte> name, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.Begin(name);
                if (WriteFields(writer, ref reader) is { } wrong) return wrong;
                writer.End();
                return null;
            case JsonTokenType.StartArray:
                writer.BeginArray(name);
                Span<byte> space = stackalloc byte[12];
                for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
                {
                    if (WriteValue(writer, BsonWriter.IndexName(i, space), ref reader) is { } inner) return inner;
                }
                writer.End();
                return null;
            case JsonTokenType.String:
                WriteText(writer, name, ref reader);
                return null;
            case JsonTokenType.Number:
                WriteNumber(writer, name, reader.ValueSpan);
                return null;
            case JsonTokenType.True or JsonTokenType.False:
                writer.Boolean(name, reader.TokenType == JsonTokenType.True);
                return null;
            default:
                writer.Null(name);
                return null;
        }
    }

    // Of a name that comes twice the last value counts, as at the top of a record.
    private static string? WriteFields(BsonWriter writer, ref Utf8JsonReader reader)
    {
        var (start, names) = (writer.Length, 0UL);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueIsEscaped)
            {
                var plain = reader.ValueSpan;
                RemoveEarlier(writer, start, plain, ref names);
                reader.Read();
                if (WriteValue(writer, plain, ref reader) is { } wrong) return wrong;
                continue;
            }
            var name = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
            try
            {
                var length = reader.CopyString(name);
                if (name.AsSpan(0, length).Contains((byte)0)) return "a field inside of it has a name with NUL, which BSON can't hold";
                RemoveEarlier(writer, start, name.AsSpan(0, length), ref names);
                reader.Read();
                if (WriteValue(writer, name.AsSpan(0, length), ref reader) is { } wrong) return wrong;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(name);
            }
        }
        return null;
    }

    // A bit for each name: what was written is looked through only where a bit is met again.
    private static void RemoveEarlier(BsonWriter writer, int start, ReadOnlySpan<byte> name, ref ulong names)
    {
        var bit = 1UL << ((name.IsEmpty ? 0 : (name.Length * 31) + (name[0] * 7) + name[^1]) & 63);
        if ((names & bit) != 0) writer.Remove(start, name);
        names |= bit;
    }

    private static void WriteText(BsonWriter writer, scoped ReadOnlySpan<byte> name, ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            writer.String(name, reader.ValueSpan);
            return;
        }
        var text = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        writer.String(name, text.AsSpan(0, reader.CopyString(text)));
        ArrayPool<byte>.Shared.Return(text);
    }
}
