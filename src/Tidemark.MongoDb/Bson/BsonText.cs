using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tidemark.MongoDb.Bson;

/// <summary>Stored values for people, and for what compares them as texts.</summary>
internal static class BsonText
{
    /// <summary>A value as null, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="string"/> or bytes; what is nested as JSON.</summary>
    public static object? ValueOf(in BsonElement element) => element.Type switch
    {
        BsonType.None or BsonType.Null or BsonType.Undefined => null,
        BsonType.Int32 or BsonType.Int64 => element.Integer,
        BsonType.Double => element.Double,
        BsonType.Boolean => element.IsTrue,
        BsonType.Binary => element.Bytes.ToArray(),
        _ => Of(element),
    };

    /// <summary>A value as text; null for none.</summary>
    public static string? Of(in BsonElement element) => element.Type switch
    {
        BsonType.None or BsonType.Null or BsonType.Undefined => null,
        BsonType.String => element.Text,
        BsonType.Int32 or BsonType.Int64 => element.Integer.ToString(CultureInfo.InvariantCulture),
        BsonType.Double => element.Double.ToString("R", CultureInfo.InvariantCulture),
        BsonType.Boolean => element.IsTrue ? "true" : "false",
        BsonType.Date => Time(element.Integer),
        BsonType.Decimal128 => Decimal128.Text(BinaryPrimitives.ReadUInt128LittleEndian(element.Value)),
        BsonType.ObjectId => Convert.ToHexStringLower(element.Value),
        _ => Json(element),
    };

    /// <summary>A point in time.</summary>
    /// <param name="milliseconds">Since 1970.</param>
    public static string Time(long milliseconds) =>
        milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-ddTHH:mm:ss.FFFZ", CultureInfo.InvariantCulture)
            : milliseconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>A document as JSON.</summary>
    public static byte[] JsonOf(ReadOnlySpan<byte> document)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes)) WriteObject(writer, document);
        return bytes.WrittenSpan.ToArray();
    }

    private static string Json(in BsonElement element)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes)) Write(writer, element);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void WriteObject(Utf8JsonWriter json, ReadOnlySpan<byte> document)
    {
        json.WriteStartObject();
        var reader = new BsonReader(document);
        while (reader.Next())
        {
            json.WritePropertyName(reader.Current.Name);
            Write(json, reader.Current);
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, in BsonElement element)
    {
        switch (element.Type)
        {
            case BsonType.Document:
                WriteObject(json, element.Value);
                break;
            case BsonType.Array:
                json.WriteStartArray();
                var reader = new BsonReader(element.Value);
                while (reader.Next()) Write(json, reader.Current);
                json.WriteEndArray();
                break;
            case BsonType.Int32 or BsonType.Int64:
                json.WriteNumberValue(element.Integer);
                break;
            case BsonType.Double when double.IsFinite(element.Double):
                json.WriteNumberValue(element.Double);
                break;
            case BsonType.Decimal128 when Of(element) is { } number && !number.EndsWith('y') && !number.EndsWith('N'):
                json.WriteRawValue(number);
                break;
            case BsonType.Boolean:
                json.WriteBooleanValue(element.IsTrue);
                break;
            case BsonType.String:
                json.WriteStringValue(element.Utf8);
                break;
            case BsonType.Binary:
                json.WriteBase64StringValue(element.Bytes);
                break;
            case BsonType.Date or BsonType.ObjectId or BsonType.Decimal128 or BsonType.Double:
                json.WriteStringValue(Of(element));
                break;
            case BsonType.None or BsonType.Null or BsonType.Undefined:
                json.WriteNullValue();
                break;
            default:
                // Code, regular expressions and the like: somebody else's, and shown by their name only.
                json.WriteStringValue(element.Type.ToString());
                break;
        }
    }
}
