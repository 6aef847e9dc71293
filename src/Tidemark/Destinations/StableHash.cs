using System.Security.Cryptography;
using System.Text;

namespace Tidemark.Destinations;

/// <summary>Short names that stay the same from run to run.</summary>
public static class StableHash
{
    /// <summary>The first 8 bytes of SHA-256 over the parts, in hexadecimal digits.</summary>
    /// <param name="parts">The parts.</param>
    public static string Of(params string[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))).AsSpan(0, 8));
}
