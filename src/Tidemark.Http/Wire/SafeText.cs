using System.Text;
using System.Text.RegularExpressions;

namespace Tidemark.Http.Wire;

/// <summary>What may be shown of addresses and answers: no user info, no values of parameters that look secret, no known secrets.</summary>
internal static partial class SafeText
{
    private const int ExcerptLength = 200;

    /// <summary>True for a parameter or header whose name says that its value is secret.</summary>
    /// <param name="name">The name.</param>
    public static bool IsSecretName(string name) => SecretName().IsMatch(name);

    /// <summary>An address that may be shown.</summary>
    /// <param name="url">The address.</param>
    /// <param name="secrets">Values that must not be shown.</param>
    public static string Url(Uri url, IEnumerable<string>? secrets = null)
    {
        var query = url.Query.Length < 2 ? "" : "?" + string.Join('&', url.Query[1..].Split('&').Select(Pair));
        return Hide($"{url.Scheme}://{url.Authority}{url.AbsolutePath}{query}", secrets);
    }

    /// <summary>Values in an address that must not be shown anywhere.</summary>
    /// <param name="url">The address.</param>
    public static IEnumerable<string> SecretsIn(Uri url) =>
        from pair in url.Query.TrimStart('?').Split('&')
        let parts = pair.Split('=', 2)
        where parts.Length == 2 && parts[1].Length > 3 && IsSecretName(Uri.UnescapeDataString(parts[0]))
        select Uri.UnescapeDataString(parts[1]);

    /// <summary>The start of a body, on one line.</summary>
    /// <param name="body">The body.</param>
    /// <param name="secrets">Values that must not be shown.</param>
    public static string Excerpt(ReadOnlySpan<byte> body, IEnumerable<string>? secrets = null)
    {
        // Hidden before it is cut, so that no part of a secret stays at the edge.
        var text = Hide(Encoding.UTF8.GetString(body[..Math.Min(body.Length, 16 * ExcerptLength)]), secrets);
        return Shorten(Blank().Replace(text, " ").Trim());
    }

    /// <summary>The text up to the length of an excerpt.</summary>
    /// <param name="text">A text.</param>
    public static string Shorten(string text) => text.Length <= ExcerptLength ? text : text[..ExcerptLength] + "…";

    /// <summary>The text with each secret, also in its encoded form, as ***.</summary>
    /// <param name="text">A text.</param>
    /// <param name="secrets">Values that must not be shown.</param>
    public static string Hide(string text, IEnumerable<string>? secrets)
    {
        foreach (var secret in secrets ?? [])
        {
            if (secret.Length == 0) continue;
            text = text.Replace(secret, "***", StringComparison.Ordinal).Replace(Uri.EscapeDataString(secret), "***", StringComparison.Ordinal);
        }
        return text;
    }

    private static string Pair(string pair)
    {
        var name = pair.Split('=', 2)[0];
        return IsSecretName(Uri.UnescapeDataString(name)) ? name + "=***" : pair;
    }

    [GeneratedRegex("key|token|secret|passw|pwd|auth|signature|credential|session|cookie|^sig$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"[\s\p{C}]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Blank();
}
