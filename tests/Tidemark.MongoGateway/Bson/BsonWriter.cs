using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Tidemark.MongoGateway.Bson;

/// <summary>Writes one document, element by element; documents and arrays inside it begin with <see cref="Begin"/> and finish with <see cref="End"/>.</summary>
internal sealed class BsonWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Stack<int> _begun = new();

    public BsonWriter() => BeginHere();

    public BsonWriter Begin(BsonType type, string name)
    {
        Head(type, name);
        BeginHere();
        return this;
    }

    public BsonWriter End()
    {
        _bytes.Write<byte>([0]);
        var begin = _begun.Pop();
        BinaryPrimitives.WriteInt32LittleEndian(Written(begin), _bytes.WrittenCount - begin);
        return this;
    }

    public BsonWriter Int32(string name, int value)
    {
        Head(BsonType.Int32, name);
        Int32(value);
        return this;
    }

    public BsonWriter Int64(string name, long value) => Int64(BsonType.Int64, name, value);

    /// <param name="name">The element's name.</param>
    /// <param name="value">Milliseconds since 1970.</param>
    public BsonWriter Date(string name, long value) => Int64(BsonType.Date, name, value);

    public BsonWriter Double(string name, double value) => Int64(BsonType.Double, name, BitConverter.DoubleToInt64Bits(value));

    public BsonWriter Boolean(string name, bool value)
    {
        Head(BsonType.Boolean, name);
        _bytes.Write<byte>([value ? (byte)1 : (byte)0]);
        return this;
    }

    public BsonWriter Text(string name, string value)
    {
        Head(BsonType.String, name);
        Int32(Encoding.UTF8.GetByteCount(value) + 1);
        ZeroEnded(value);
        return this;
    }

    /// <summary>A value as its bytes are.</summary>
    public BsonWriter Copy(BsonElement element, string? name = null)
    {
        Head(element.Type, name ?? element.Name);
        _bytes.Write(element.Value.Span);
        return this;
    }

    /// <summary>Ends the document.</summary>
    public BsonDocument Close()
    {
        End();
        return new BsonDocument(_bytes.WrittenMemory);
    }

    private void BeginHere()
    {
        _begun.Push(_bytes.WrittenCount);
        Int32(0);
    }

    private void Head(BsonType type, string name)
    {
        _bytes.Write<byte>([(byte)type]);
        ZeroEnded(name);
    }

    private void ZeroEnded(string value)
    {
        Encoding.UTF8.GetBytes(value, _bytes);
        _bytes.Write<byte>([0]);
    }

    private BsonWriter Int64(BsonType type, string name, long value)
    {
        Head(type, name);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
        return this;
    }

    private void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
    }

    private Span<byte> Written(int from) => System.Runtime.InteropServices.MemoryMarshal.AsMemory(_bytes.WrittenMemory).Span[from..];
}
