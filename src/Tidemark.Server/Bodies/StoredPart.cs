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

    /// <summary>Reads a part.</summary>
    /// <exception cref="InvalidDataException">A newer version has written it.</exception>
    public static (ReadOnlyMemory<byte> Request, RecordPart Part) Read(ReadOnlyMemory<byte> stored)
    {
        using var stream = new MemoryStream(stored.ToArray(), writable: false);
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        if (reader.ReadByte() is var version and not Version) throw new InvalidDataException($"found a post of version {version} in the inbox, expected {Version}: a newer version of Tidemark has taken it");
        var isLast = reader.ReadBoolean();
        var request = reader.ReadBytes(reader.Read7BitEncodedInt());
        var records = new List<RecordSlice>(reader.Read7BitEncodedInt());
        var size = 0;
        for (var count = records.Capacity; records.Count < count; size += records[^1].Length) records.Add(new RecordSlice(size, reader.Read7BitEncodedInt()));
        List<long>? lines = reader.ReadBoolean() ? [] : null;
        while (lines is not null && lines.Count < records.Count) lines.Add(reader.Read7BitEncodedInt64());
        var oversized = new List<(int Record, long Size)>();
        for (var count = reader.Read7BitEncodedInt(); oversized.Count < count;) oversized.Add((reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt64()));
        var bytes = new PooledBuffer(Math.Max(1, size));
        bytes.Write(stored.Span[(int)stream.Position..]);
        var part = new RecordPart(bytes, records) { Lines = lines, IsLast = isLast };
        foreach (var (record, length) in oversized) part.Oversized[record] = length;
        return (request, part);
    }
}
