using System.Net;

namespace Tidemark.Server.Access;

/// <summary>
/// What holds while the pipeline has no API key: programs of this machine may call, and nobody else. A browser of this machine calls for whatever page it shows, so a foreign page, and a name that a
/// foreign page gave to this machine, are refused; so is what a proxy passes on, as it may come from anywhere.
/// </summary>
internal static class LocalRules
{
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    /// <summary>Why a request is refused; null: it is not.</summary>
    public static string? Refusal(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (context.Connection.RemoteIpAddress is { } caller && !IPAddress.IsLoopback(caller.IsIPv4MappedToIPv6 ? caller.MapToIPv4() : caller)) return $"the call comes from {caller}";
        if (!IsThisMachine(context.Request.Host.Host)) return $"found Host '{context.Request.Host}', expected localhost or a loopback address";
        if (headers.Origin is { Count: > 0 } origin && !string.Equals(origin.ToString(), $"{context.Request.Scheme}://{context.Request.Host}", StringComparison.OrdinalIgnoreCase))
            return $"found Origin '{origin}': a page of another site asks";
        if (headers["Sec-Fetch-Site"] is { Count: > 0 } site && site.ToString() is not ("same-origin" or "none")) return "a page of another site asks";
        return ProxyHeaders.FirstOrDefault(headers.ContainsKey) is { } proxy ? $"found the header {proxy}: the call comes through a proxy" : null;
    }

    private static bool IsThisMachine(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
