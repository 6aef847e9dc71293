using System.Globalization;
using System.Net;

namespace Tidemark.Server.Setup;

/// <summary>Where a server listens: <c>http://127.0.0.1:8080</c>, <c>http://localhost:8080</c>, <c>http://[::1]:8080</c>, or <c>http://*:8080</c> for all of the machine's addresses. Port 0 is a free one.</summary>
public sealed record ListenAddress
{
    private const string Expected = "expected http:// with an IP address, localhost or * (all addresses of this machine), and a port: http://127.0.0.1:8080";

    private ListenAddress(IPAddress? address, int port) => (Address, Port) = (address, port);

    /// <summary>Port 8080 of 127.0.0.1.</summary>
    public static ListenAddress Default { get; } = new(IPAddress.Loopback, 8080);

    /// <summary>The IP address; null: localhost, which is both loopback addresses.</summary>
    public IPAddress? Address { get; }

    /// <summary>The port; 0: a free one.</summary>
    public int Port { get; }

    /// <summary>True if nobody outside of this machine can reach it.</summary>
    public bool IsLoopback => Address is null || IPAddress.IsLoopback(Address);

    /// <summary>Reads an address.</summary>
    /// <param name="url">The URL.</param>
    /// <exception cref="FormatException">It can't be listened on; the message says why.</exception>
    public static ListenAddress Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        const string Scheme = "http://";
        if (url.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) throw new FormatException($"found '{url}': TLS is a reverse proxy's, which comes before the server; {Expected}");
        if (!url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) throw new FormatException($"found '{url}', {Expected}");
        var text = url[Scheme.Length..].TrimEnd('/');
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || text[^1] == ']') throw new FormatException($"found '{url}', which has no port; {Expected}");
        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > IPEndPoint.MaxPort)
            throw new FormatException($"found the port '{text[(colon + 1)..]}' in '{url}', expected a number from 0 to {IPEndPoint.MaxPort}");
        var host = text[..colon];
        return host switch
        {
            "*" or "+" => new ListenAddress(IPAddress.IPv6Any, port),
            // A free port is one of one address: two would get two.
            "localhost" => new ListenAddress(port == 0 ? IPAddress.Loopback : null, port),
            _ when (host[0] == '[') == host.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(host, out var address) => new ListenAddress(address, port),
            _ => throw new FormatException($"found the host '{host}' in '{url}', {Expected}"),
        };
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var host = Address is null ? "localhost" : Address.Equals(IPAddress.IPv6Any) ? "*" : Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{Address}]" : Address.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"http://{host}:{Port}");
    }
}
