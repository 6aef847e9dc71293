using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Tidemark.MongoDb.Bson;

/// <summary>Writes documents, one behind the other, into memory that is used again. Owned by one task.</summary>
internal sealed class BsonWriter : IDisposable
{
    private readonly Stack<int> _open = new();
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(4096);

    /// <summary>How many bytes were written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>A document of its own.</summary>
    /// <param name="write">Writes what is in it.</param>
    public static byte[] Document(Action<BsonWriter> write)
    {
        using var writer = new BsonWriter();
        writer.Begin();
        write(writer);
        writer.End();
        return writer.Written.ToArray();
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Length = 0;
        _open.Clear();
    }

    /// <summary>Forgets what was written from a position on; it was between two values.</summary>
    public void Truncate(int length, int depth)
    {
        Length = length;
        while (_open.Count > depth) _open.Pop();
    }

    /// <summary>Takes a value out of the document that is being written, if it is there.</summary>
    /// <param name="start">Where the document's values start.</param>
    /// <param name="name">The field.</param>
    public void Remove(int start, ReadOnlySpan<byte> name)
    {
        var reader = BsonReader.OfValues(Written[start..]);
        for (var at = start; reader.Next(); at = Length - reader.Left)
        {
            if (!reader.Current.Name.SequenceEqual(name)) continue;
            var rest = _bytes.AsSpan(Length - reader.Left, reader.Left);
            rest.CopyTo(_bytes.AsSpan(at));
            Length = at + rest.Length;
            return;
        }
    }

    /// <summary>Begins a document.</summary>
    public void Begin()
    {
        _open.Push(Length);
        Skip(sizeof(int));
    }

    /// <summary>Begins a document in a document.</summary>
    public void Begin(ReadOnlySpan<byte> name)
    {
        Name(BsonType.Document, name);
        Begin();
    }

    /// <summary>Begins a list in a document; the names of its values are their numbers.</summary>
    public void BeginArray(ReadOnlySpan<byte> name)
    {
        Name(BsonType.Array, name);
        Begin();
    }

    /// <summary>A list in a document.</summary>
    /// <param name="name">The field.</param>
    /// <param name="values">The values.</param>
    /// <param name="write">Writes one of them under its name, which is its number.</param>
    public void List<T>(ReadOnlySpan<byte> name, IReadOnlyList<T> values, BsonItem<T> write)
    {
        Span<byte> space = stackalloc byte[12];
        BeginArray(name);
        for (var i = 0; i < values.Count; i++) write(this, IndexName(i, space), values[i]);
        End();
    }

    /// <summary>A filter: a field has one of some values.</summary>
    /// <param name="name">The field.</param>
    /// <param name="values">The values.</param>
    /// <param name="write">Writes one of them.</param>
    public void In<T>(ReadOnlySpan<byte> name, IReadOnlyList<T> values, BsonItem<T> write)
    {
        Begin(name);
        List("$in"u8, values, write);
        End();
    }

    /// <summary>Ends what was begun last.</summary>
    public void End()
    {
        Room(1)[0] = 0;
        Length++;
        var start = _open.Pop();
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(start), Length - start);
    }

    public void Null(ReadOnlySpan<byte> name) => Name(BsonType.Null, name);

    public void Boolean(ReadOnlySpan<byte> name, bool value)
    {
        Name(BsonType.Boolean, name);
        Room(1)[0] = value ? (byte)1 : (byte)0;
        Length++;
    }

    public void Int32(ReadOnlySpan<byte> name, int value)
    {
        Name(BsonType.Int32, name);
        BinaryPrimitives.WriteInt32LittleEndian(Room(sizeof(int)), value);
        Length += sizeof(int);
    }

    public void Int64(ReadOnlySpan<byte> name, long value) => Long(BsonType.Int64, name, value);

    public void Double(ReadOnlySpan<byte> name, double value) => Long(BsonType.Double, name, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A point in time.</summary>
    /// <param name="name">The field.</param>
    /// <param name="milliseconds">Since 1970.</param>
    public void Date(ReadOnlySpan<byte> name, long milliseconds) => Long(BsonType.Date, name, milliseconds);

    public void Date(ReadOnlySpan<byte> name, DateTimeOffset time) => Date(name, time.ToUnixTimeMilliseconds());

    public void Decimal(ReadOnlySpan<byte> name, UInt128 value)
    {
        Name(BsonType.Decimal128, name);
        BinaryPrimitives.WriteUInt128LittleEndian(Room(16), value);
        Length += 16;
    }

    public void String(ReadOnlySpan<byte> name, ReadOnlySpan<byte> utf8)
    {
        Name(BsonType.String, name);
        BinaryPrimitives.WriteInt32LittleEndian(Room(sizeof(int)), utf8.Length + 1);
        Length += sizeof(int);
        Append(utf8);
        Room(1)[0] = 0;
        Length++;
    }

    public void String(ReadOnlySpan<byte> name, string text) => String(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Text, or null.</summary>
    public void StringOrNull(ReadOnlySpan<byte> name, string? text)
    {
        if (text is null) Null(name);
        else String(name, text);
    }

    public void Binary(ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        Name(BsonType.Binary, name);
        BinaryPrimitives.WriteInt32LittleEndian(Room(sizeof(int) + 1), bytes.Length);
        Length += sizeof(int);
        _bytes[Length++] = 0;
        Append(bytes);
    }

    /// <summary>A value as it stands in another document.</summary>
    public void Raw(ReadOnlySpan<byte> name, BsonType type, ReadOnlySpan<byte> value)
    {
        Name(type, name);
        Append(value);
    }

    /// <summary>The value of a field of another document.</summary>
    public void Copy(ReadOnlySpan<byte> name, ReadOnlySpan<byte> document, ReadOnlySpan<byte> field)
    {
        var element = BsonReader.Find(document, field);
        Raw(name, element.Type, element.Value);
    }

    /// <summary>Elements as they stand in another document.</summary>
    public void RawElements(ReadOnlySpan<byte> elements) => Append(elements);

    /// <summary>The name of a value in a list.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="space">Room for it.</param>
    public static ReadOnlySpan<byte> IndexName(int index, Span<byte> space)
    {
        index.TryFormat(space, out var length, default, CultureInfo.InvariantCulture);
        return space[..length];
    }

    public void Dispose()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void Name(BsonType type, ReadOnlySpan<byte> name)
    {
        var room = Room(name.Length + 2);
        room[0] = (byte)type;
        name.CopyTo(room[1..]);
        room[name.Length + 1] = 0;
        Length += name.Length + 2;
    }

    private void Long(BsonType type, ReadOnlySpan<byte> name, long value)
    {
        Name(type, name);
        BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), value);
        Length += sizeof(long);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    private void Skip(int count)
    {
        Room(count);
        Length += count;
    }

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + count), 2 * _bytes.Length));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
        return _bytes.AsSpan(Length);
    }
}
