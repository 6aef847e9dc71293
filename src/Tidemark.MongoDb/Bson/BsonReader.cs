using System.Buffers.Binary;

namespace Tidemark.MongoDb.Bson;

/// <summary>Reads a document, value by value; a view on its bytes.</summary>
/// <param name="document">The document, or a list.</param>
internal ref struct BsonReader(ReadOnlySpan<byte> document)
{
    private ReadOnlySpan<byte> _rest = document.Length < 5 ? default : document[sizeof(int)..^1];

    /// <summary>How many bytes there are behind it.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>The value that it stands on.</summary>
    public BsonElement Current { get; private set; }

    /// <summary>Reads values of a document that is not whole yet.</summary>
    public static BsonReader OfValues(ReadOnlySpan<byte> values) => new(default) { _rest = values };

    /// <summary>The value of a field; of type <see cref="BsonType.None"/> if there is none.</summary>
    public static BsonElement Find(ReadOnlySpan<byte> document, ReadOnlySpan<byte> name)
    {
        var reader = new BsonReader(document);
        while (reader.Next())
        {
            if (reader.Current.Name.SequenceEqual(name)) return reader.Current;
        }
        return default;
    }

    /// <summary>Goes to the next value; false if there is none.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        var type = (BsonType)_rest[0];
        var end = _rest.IndexOf((byte)0);
        var name = _rest[1..end];
        var value = _rest[(end + 1)..];
        var length = LengthOf(type, value);
        Current = new BsonElement(type, name, value[..length]);
        _rest = value[length..];
        return true;
    }

    private static int LengthOf(BsonType type, ReadOnlySpan<byte> value) => type switch
    {
        BsonType.Double or BsonType.Date or BsonType.Timestamp or BsonType.Int64 => sizeof(long),
        BsonType.Int32 => sizeof(int),
        BsonType.Boolean => 1,
        BsonType.Decimal128 => 16,
        BsonType.ObjectId => 12,
        BsonType.String or BsonType.JavaScript or BsonType.Symbol => sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(value),
        BsonType.Document or BsonType.Array or BsonType.JavaScriptWithScope => BinaryPrimitives.ReadInt32LittleEndian(value),
        BsonType.Binary => sizeof(int) + 1 + BinaryPrimitives.ReadInt32LittleEndian(value),
        BsonType.Pointer => sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(value) + 12,
        BsonType.Regex => RegexLength(value),
        BsonType.Null or BsonType.Undefined or BsonType.MinKey or BsonType.MaxKey => 0,
        _ => throw new InvalidDataException($"a document of the server has a value of type {(byte)type}, which is none of BSON's"),
    };

    // Two texts that end with NUL.
    private static int RegexLength(ReadOnlySpan<byte> value)
    {
        var first = value.IndexOf((byte)0) + 1;
        return first + value[first..].IndexOf((byte)0) + 1;
    }
}
