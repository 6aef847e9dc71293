using Tidemark.Pushing;
using Tidemark.Records;

namespace Tidemark.Server.Bodies;

/// <summary>Records of a body that are written together. Where a part ends depends on the body alone, never on how it arrives: a body that comes again has the same parts.</summary>
internal sealed class RecordPart(PooledBuffer bytes, List<RecordSlice> records) : IDisposable
{
    /// <summary>Records of a part.</summary>
    public const int MaxRecords = Post.MaxRecords;

    /// <summary>Bytes of records after which a part ends.</summary>
    public const int ByteSize = 4 << 20;

    /// <summary>The bytes that the records lie in; whoever takes them disposes them.</summary>
    public PooledBuffer Bytes { get; } = bytes;

    /// <summary>Where the records are; one that is too large has no bytes here.</summary>
    public List<RecordSlice> Records { get; } = records;

    /// <summary>Records that are too large, by their place, with their size or as much of it as was seen.</summary>
    public Dictionary<int, long> Oversized { get; } = [];

    /// <summary>The line of each record, from 1; null: it is no body of lines.</summary>
    public List<long>? Lines { get; init; }

    /// <summary>True if nothing follows.</summary>
    public bool IsLast { get; init; }

    public void Dispose() => Bytes.Dispose();
}
