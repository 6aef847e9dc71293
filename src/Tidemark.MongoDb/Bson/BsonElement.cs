using System.Buffers.Binary;
using System.Text;

namespace Tidemark.MongoDb.Bson;

/// <summary>A value of a document: a view on the document's bytes.</summary>
internal readonly ref struct BsonElement(BsonType type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
{
    /// <summary>Its type; <see cref="BsonType.None"/>: it is not there.</summary>
    public BsonType Type { get; } = type;

    /// <summary>The field.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>The value's bytes; of a document or a list the whole of it.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>True unless it is missing or null.</summary>
    public bool HasValue => Type is not (BsonType.None or BsonType.Null or BsonType.Undefined);

    /// <summary>A whole number, whatever its type; 0 if it is none.</summary>
    public long Integer => Type switch
    {
        BsonType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(Value),
        BsonType.Int64 or BsonType.Date => BinaryPrimitives.ReadInt64LittleEndian(Value),
        BsonType.Double => (long)BinaryPrimitives.ReadDoubleLittleEndian(Value),
        BsonType.Boolean => Value[0],
        _ => 0,
    };

    /// <summary>A whole number; null if there is none.</summary>
    public long? IntegerOrNull => HasValue ? Integer : null;

    public double Double => BinaryPrimitives.ReadDoubleLittleEndian(Value);

    /// <summary>True for true, and for a number that is not 0.</summary>
    public bool IsTrue => Type == BsonType.Double ? Double != 0 : Integer != 0;

    /// <summary>The bytes of a text.</summary>
    public ReadOnlySpan<byte> Utf8 => Value[sizeof(int)..^1];

    /// <summary>A text; null if it is none.</summary>
    public string? Text => Type == BsonType.String ? Encoding.UTF8.GetString(Utf8) : null;

    /// <summary>A point in time; null if it is none, or one before year 1 or after year 9999.</summary>
    public DateTimeOffset? Time =>
        Type == BsonType.Date && Integer >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && Integer <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(Integer) : null;

    /// <summary>Bytes.</summary>
    public ReadOnlySpan<byte> Bytes => Type == BsonType.Binary ? Value[(sizeof(int) + 1)..] : default;
}
