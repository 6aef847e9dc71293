namespace Tidemark.Http.Wire;

/// <summary>Scheme, host and port: the border that credentials do not cross.</summary>
internal static class Origin
{
    /// <summary>The origin of an address: <c>https://api.example.org:443</c>.</summary>
    /// <param name="url">The address.</param>
    public static string Of(Uri url) => $"{url.Scheme}://{url.IdnHost}:{url.Port}".ToLowerInvariant();

    /// <summary>True if both have the same scheme, host and port.</summary>
    /// <param name="one">An address.</param>
    /// <param name="other">Another.</param>
    public static bool Same(Uri one, Uri other) => string.Equals(Of(one), Of(other), StringComparison.Ordinal);
}
