using System.Buffers.Binary;
using System.Security.Cryptography;
using Tidemark.Server.Bodies;

namespace Tidemark.Server.Pushing;

/// <summary>What tells the payload of a part from others: the records as they came, what stands around them, and whether more follows.</summary>
internal static class PayloadHash
{
    public static byte[] Of(ReadOnlyMemory<byte> request, RecordPart part)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, part.IsLast ? -request.Length - 1 : request.Length);
        hash.AppendData(length);
        hash.AppendData(request.Span);
        for (var i = 0; i < part.Records.Count; i++)
        {
            var record = part.Records[i];
            BinaryPrimitives.WriteInt64LittleEndian(length, part.Oversized.TryGetValue(i, out _) ? -1 : record.Length);
            hash.AppendData(length);
            hash.AppendData(part.Bytes.Written.Slice(record.Offset, record.Length));
        }
        return hash.GetHashAndReset();
    }
}
