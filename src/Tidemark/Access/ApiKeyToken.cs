using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Tidemark.Access;

/// <summary>The text of API keys: <c>tidemark_</c> and 256 random bits. The beginning is for people and for programs that look for secrets in files.</summary>
/// <remarks>
/// One round of SHA-256 is what a random key needs: nobody can try 2^256 texts, however fast each try is. Slow hashes make up for passwords that people choose; here they would only make each request slow.
/// </remarks>
public static class ApiKeyToken
{
    /// <summary>How every key begins.</summary>
    public const string Prefix = "tidemark_";

    private const int RandomBytes = 32;

    /// <summary>Makes a key. Its text is shown once and kept nowhere.</summary>
    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>The hash by which a key is known, 32 bytes.</summary>
    /// <param name="token">The text that a caller shows.</param>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
