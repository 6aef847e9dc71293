namespace Tidemark.Server.Pushing;

/// <summary>The header Prefer of RFC 7240, as far as it is known here: <c>respond-async</c>, alone or in a list.</summary>
internal static class AsyncPreference
{
    public static bool Is(HttpRequest request) => request.Headers["Prefer"].SelectMany(v => (v ?? "").Split(','))
        .Any(p => string.Equals(p.Split(';')[0].Trim(), "respond-async", StringComparison.OrdinalIgnoreCase));
}
