using System.Runtime.InteropServices;
using System.Text;
using Tidemark.Records;

namespace Tidemark.Server.Bodies;

/// <summary>A part of a body as an inbox keeps it: what stands around the records, where they are, and the records themselves.</summary>
internal static class StoredPart
{
    private const byte Version = 1;

    /// <summary>Writes a part.</summary>
    public static PooledBuffer Write(ReadOnlyMemory<byte> request, RecordPart part)
    {
        using var head = new MemoryStream();
        using (var writer = new BinaryWriter(head, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Version);
            writer.Write(part.IsLast);
            writer.Write7BitEncodedInt(request.Length);
            writer.Write(request.Span);
            writer.Write7BitEncodedInt(part.Records.Count);
            foreach (var record in part.Records) writer.Write7BitEncodedInt(record.Length);
            writer.Write(part.Lines is not null);
            foreach (var line in part.Lines ?? []) writer.Write7BitEncodedInt64(line);
            writer.Write7BitEncodedInt(part.Oversized.Count);
            foreach (var (record, size) in part.Oversized)
            {
                writer.Write7BitEncodedInt(record);
                writer.Write7BitEncodedInt64(size);
            }
        }
        var stored = new PooledBuffer((int)head.Length + part.Records.Sum(r => r.Length));
        stored.Write(head.GetBuffer().AsSpan(0, (int)head.Length));
        foreach (var record in part.Records) stored.Write(part.Bytes.Written.Slice(record.Offset, record.Length));
        return stored;
    }

    /// <summary>Reads a part; its records stay where they are.</summary>
    /// <param name="stored">What was written; the part owns it from now on.</param>
    /// <exception cref="InvalidDataException">A newer version has written it.</exception>
    public static (ReadOnlyMemory<byte> Request, RecordPart Part) Read(PooledBuffer stored)
    {
        MemoryMarshal.TryGetArray(stored.WrittenMemory, out var bytes);
        using var stream = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        if (reader.ReadByte() is var version and not Version) throw new InvalidDataException($"found a post of version {version} in the inbox, expected {Version}: a newer version of Tidemark has taken it");
        var isLast = reader.ReadBoolean();
        var request = reader.ReadBytes(reader.Read7BitEncodedInt());
        var records = new List<RecordSlice>(reader.Read7BitEncodedInt());
        var lengths = new int[records.Capacity];
        for (var i = 0; i < lengths.Length; i++) lengths[i] = reader.Read7BitEncodedInt();
        List<long>? lines = reader.ReadBoolean() ? [] : null;
        while (lines is not null && lines.Count < lengths.Length) lines.Add(reader.Read7BitEncodedInt64());
        var oversized = new List<(int Record, long Size)>();
        for (var count = reader.Read7BitEncodedInt(); oversized.Count < count;) oversized.Add((reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt64()));
        var at = (int)stream.Position;
        foreach (var length in lengths)
        {
            records.Add(new RecordSlice(at, length));
            at += length;
        }
        var part = new RecordPart(stored, records) { Lines = lines, IsLast = isLast };
        foreach (var (record, seen) in oversized) part.Oversized[record] = seen;
        return (request, part);
    }
}
