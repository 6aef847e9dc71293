using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Tidemark.Scanning;

/// <summary>The identity of a record's content.</summary>
public static class RecordHash
{
    /// <summary>The first 16 bytes of SHA-256 over a record as it arrived.</summary>
    /// <param name="record">The record.</param>
    public static UInt128 Of(ReadOnlySpan<byte> record)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(record, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>The same in hexadecimal digits, as checkpoints keep it.</summary>
    /// <param name="record">The record.</param>
    public static string TextOf(ReadOnlySpan<byte> record) => Of(record).ToString("x32", CultureInfo.InvariantCulture);
}
