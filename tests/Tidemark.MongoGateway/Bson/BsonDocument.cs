using System.Buffers.Binary;

namespace Tidemark.MongoGateway.Bson;

/// <summary>The bytes of a BSON document or array, read element by element and never as a whole: what the gateway hands over is opaque to it.</summary>
internal readonly record struct BsonDocument(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Its elements in their order.</summary>
    /// <exception cref="InvalidDataException">The bytes are no BSON.</exception>
    public IEnumerable<BsonElement> Elements
    {
        get
        {
            var rest = Bytes[4..];
            while (rest.Span[0] != 0)
            {
                var type = (BsonType)rest.Span[0];
                var name = 1 + rest.Span[1..].IndexOf((byte)0);
                var value = name + 1;
                var length = LengthOf(type, rest.Span[value..]);
                yield return new BsonElement(type, rest[1..name], rest.Slice(value, length));
                rest = rest[(value + length)..];
            }
        }
    }

    /// <summary>The document at the beginning of some bytes, as long as it says.</summary>
    public static BsonDocument At(ReadOnlyMemory<byte> bytes) => new(bytes[..BinaryPrimitives.ReadInt32LittleEndian(bytes.Span)]);

    /// <summary>The documents that follow each other without anything between them: a document sequence of the protocol.</summary>
    public static IEnumerable<BsonDocument> Sequence(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var document = At(bytes);
            yield return document;
            bytes = bytes[document.Bytes.Length..];
        }
    }

    /// <summary>The element of a name.</summary>
    /// <returns>Nothing where there is none.</returns>
    public BsonElement? Find(string name)
    {
        foreach (var element in Elements)
        {
            if (string.Equals(element.Name, name, StringComparison.Ordinal)) return element;
        }
        return null;
    }

    private static int LengthOf(BsonType type, ReadOnlySpan<byte> value) => type switch
    {
        BsonType.Double or BsonType.Date or BsonType.Timestamp or BsonType.Int64 => 8,
        BsonType.String or BsonType.Code or BsonType.Symbol => 4 + BinaryPrimitives.ReadInt32LittleEndian(value),
        BsonType.Document or BsonType.Array or BsonType.CodeWithScope => BinaryPrimitives.ReadInt32LittleEndian(value),
        BsonType.Binary => 5 + BinaryPrimitives.ReadInt32LittleEndian(value),
        BsonType.Undefined or BsonType.Null or BsonType.MinKey or BsonType.MaxKey => 0,
        BsonType.ObjectId => 12,
        BsonType.Boolean => 1,
        BsonType.Regex => TextLength(value) + TextLength(value[TextLength(value)..]),
        BsonType.DbPointer => 16 + BinaryPrimitives.ReadInt32LittleEndian(value),
        BsonType.Int32 => 4,
        BsonType.Decimal => 16,
        _ => throw new InvalidDataException($"{(byte)type:x2} is no type of BSON"),
    };

    private static int TextLength(ReadOnlySpan<byte> value) => value.IndexOf((byte)0) + 1;
}
