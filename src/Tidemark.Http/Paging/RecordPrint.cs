using System.Security.Cryptography;
using Tidemark.Records;

namespace Tidemark.Http.Paging;

/// <summary>A short print of bytes: 64 bits of SHA-256, the same in every process.</summary>
internal static class RecordPrint
{
    /// <summary>The print.</summary>
    /// <param name="bytes">A record.</param>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Convert.ToHexStringLower(hash[..8]);
    }

    /// <summary>Which record of a page has a print; -1: none.</summary>
    /// <param name="print">The print.</param>
    /// <param name="body">The bytes of the page.</param>
    /// <param name="records">Where its records lie.</param>
    public static int Find(string print, ReadOnlySpan<byte> body, IReadOnlyList<RecordSlice> records)
    {
        for (var i = 0; i < records.Count; i++)
        {
            if (string.Equals(Of(body.Slice(records[i].Offset, records[i].Length)), print, StringComparison.Ordinal)) return i;
        }
        return -1;
    }
}
