using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tidemark.Simulators.Sirene;

/// <summary>A place in the answers to one query: after an establishment.</summary>
/// <param name="Walk">Which beginning it comes from: cursors expire together with all that come from the same.</param>
/// <param name="After">The ordinal of the last establishment that was sent.</param>
/// <param name="Query">A mark of the query.</param>
internal readonly record struct SiretCursor(long Walk, int After, string Query)
{
    /// <summary>Asks for the first page.</summary>
    public const string Beginning = "*";

    public static string MarkOf(SiretQuery query) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(query.Text)).AsSpan(0, 4));

    public string Encode() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Walk} {After} {Query}")));

    public static bool TryDecode(string text, out SiretCursor cursor)
    {
        cursor = default;
        if (!Base64Url.IsValid(text)
            || Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ') is not [var first, var second, var query]
            || !long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var walk)
            || !int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var after))
        {
            return false;
        }

        cursor = new SiretCursor(walk, after, query);
        return true;
    }
}
