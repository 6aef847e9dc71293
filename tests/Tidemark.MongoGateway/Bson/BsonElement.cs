using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Tidemark.MongoGateway.Bson;

/// <summary>A name and the bytes of its value, within the document that they were read from.</summary>
internal readonly record struct BsonElement(BsonType Type, ReadOnlyMemory<byte> NameBytes, ReadOnlyMemory<byte> Value)
{
    public string Name => Encoding.UTF8.GetString(NameBytes.Span);

    public BsonDocument Document => Type is BsonType.Document or BsonType.Array ? new BsonDocument(Value) : throw new InvalidDataException($"{Name} is no document");

    public string Text => Type == BsonType.String ? Encoding.UTF8.GetString(Value.Span[4..^1]) : throw new InvalidDataException($"{Name} is no text");

    public int Int32 => BinaryPrimitives.ReadInt32LittleEndian(Value.Span);

    public long Int64 => Type == BsonType.Int64 ? BinaryPrimitives.ReadInt64LittleEndian(Value.Span) : Int32;

    public bool Boolean => Value.Span[0] != 0;

    /// <summary>Puts another 32-bit number in its place, within the document.</summary>
    /// <remarks>For an answer of the server, which lies in an array of the gateway's own.</remarks>
    public void Replace(int value) => BinaryPrimitives.WriteInt32LittleEndian(MemoryMarshal.AsMemory(Value).Span, value);
}
