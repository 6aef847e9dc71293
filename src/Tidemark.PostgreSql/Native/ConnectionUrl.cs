using System.Globalization;
using System.Text;
using Npgsql;

namespace Tidemark.PostgreSql.Native;

/// <summary>
/// The address of a database as libpq writes it: <c>postgresql://user:password@host:port,host:port/database?parameter=value</c>. Its errors name parts of it, and show none that may hold a password.
/// </summary>
/// <remarks>Source: PostgreSQL's documentation, "Connection URIs" and "Parameter Key Words".</remarks>
internal static class ConnectionUrl
{
    private const int DefaultPort = 5432;
    private const string DefaultHost = "localhost";
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    /// <summary>True if a text is meant to be such a URL.</summary>
    public static bool IsOne(string text) => Array.Exists(Schemes, s => text.StartsWith(s, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a URL.</summary>
    /// <param name="url">The URL.</param>
    /// <exception cref="FormatException">It can't be used; the message shows no secret.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string url)
    {
        var scheme = Array.Find(Schemes, s => url.StartsWith(s, StringComparison.OrdinalIgnoreCase))
            ?? throw new FormatException("the URL of a PostgreSQL database begins with postgresql:// or postgres://");
        var rest = url.AsSpan(scheme.Length);
        var query = Cut(ref rest, '?');
        var path = Cut(ref rest, '/');
        var at = rest.LastIndexOf('@');
        var settings = ConnectionSettings.New();
        if (at >= 0) SetUser(settings, rest[..at].ToString());
        // A database with such a sign is rare, a password with an open slash or question mark is not: what follows it must not be taken for a host and be shown.
        if (path.Contains('@') || query.Contains('@') || path.Contains('/'))
            throw new FormatException("'@', '/' or '?' stands where it has another meaning: in a user, a password or a database write %40, %2F or %3F for it");
        var parameters = UrlParameters.Read(query);
        if (path.Length > 0) settings.Database = Decode(path, "database");
        SetHosts(settings, rest[(at + 1)..].ToString(), parameters);
        UrlParameters.Apply(settings, parameters);
        return settings;
    }

    /// <summary>Where the database is, for people: <c>host:port/database</c>.</summary>
    public static string ServerOf(NpgsqlConnectionStringBuilder settings)
    {
        var host = settings.Host!;
        // Several hosts carry their ports themselves.
        if (!host.Contains(',', StringComparison.Ordinal)) host = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{settings.Port}" : $"{host}:{settings.Port}";
        return $"{host}/{settings.Database ?? settings.Username}";
    }

    /// <summary>Undoes percent-encoding.</summary>
    /// <param name="text">The text.</param>
    /// <param name="part">What it is, for errors.</param>
    public static string Decode(ReadOnlySpan<char> text, string part)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                var runes = text[i..].EnumerateRunes();
                runes.MoveNext();
                var utf8 = new byte[4];
                bytes.AddRange(utf8.AsSpan(0, runes.Current.EncodeToUtf8(utf8)));
                i += runes.Current.Utf16SequenceLength - 1;
                continue;
            }
            if (i + 2 >= text.Length || !byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value == 0)
                throw new FormatException($"a '%' in the {part} is not followed by two hexadecimal digits: write %25 for a percent sign");
            bytes.Add(value);
            i += 2;
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static ReadOnlySpan<char> Cut(ref ReadOnlySpan<char> text, char at)
    {
        var i = text.IndexOf(at);
        if (i < 0) return [];
        var after = text[(i + 1)..];
        text = text[..i];
        return after;
    }

    private static void SetUser(NpgsqlConnectionStringBuilder settings, string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var user = Decode(colon < 0 ? text : text.AsSpan(0, colon), "user");
        if (user.Length > 0) settings.Username = user;
        if (colon >= 0 && colon + 1 < text.Length) settings.Password = Decode(text.AsSpan(colon + 1), "password");
    }

    // As in libpq `host` and `port` among the parameters win, which is how the directory of a Unix socket is given; one port is for all hosts.
    private static void SetHosts(NpgsqlConnectionStringBuilder settings, string authority, List<(string Name, string Value)> parameters)
    {
        var parts = Array.ConvertAll(authority.Split(','), static p => PortAt(p) is >= 0 and var colon ? (Host: p[..colon], Port: p[(colon + 1)..]) : (Host: p, Port: ""));
        var names = Take(parameters, "host")?.Split(',') ?? Array.ConvertAll(parts, static p => Decode(p.Host, "host"));
        var ports = Take(parameters, "port")?.Split(',') ?? Array.ConvertAll(parts, static p => p.Port);
        if (ports.Length != 1 && ports.Length != names.Length) throw new FormatException($"found {ports.Length} ports for {names.Length} hosts, expected one port for all hosts or one for each");
        (string Host, int Port)[] hosts = [.. names.Select((n, i) => (HostOf(n), PortOf(ports[ports.Length == 1 ? 0 : i])))];
        if (hosts is [var (only, number)]) (settings.Host, settings.Port) = (only, number);
        else settings.Host = string.Join(',', hosts.Select(h => h.Host.Contains(':', StringComparison.Ordinal) ? $"[{h.Host}]:{h.Port}" : $"{h.Host}:{h.Port}"));
    }

    private static string HostOf(string name) => name.Length == 0 ? DefaultHost : name.StartsWith('[') && name.EndsWith(']') ? name[1..^1] : name;

    private static string? Take(List<(string Name, string Value)> parameters, string name)
    {
        var i = parameters.FindLastIndex(p => string.Equals(p.Name, name, StringComparison.Ordinal));
        if (i < 0) return null;
        var value = parameters[i].Value;
        parameters.RemoveAll(p => string.Equals(p.Name, name, StringComparison.Ordinal));
        return value.Length == 0 ? null : value;
    }

    // Where the colon before a port is; an IPv6 address in brackets has others.
    private static int PortAt(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > text.LastIndexOf(']') ? colon : -1;
    }

    private static int PortOf(string text) => text.Length == 0 ? DefaultPort : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
        ? port
        : throw new FormatException("the port is not a number from 1 to 65535; if the password holds '/' or '?', write %2F or %3F for it");
}
