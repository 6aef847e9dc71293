using System.Buffers;
using System.Globalization;

namespace Tidemark.MongoDb.Native;

/// <summary>
/// The address of a database: <c>mongodb://user:password@host:port,host:port/database?option=value</c>, or <c>mongodb+srv://…</c>. Its errors name parts of it, and show none that may hold a
/// password; what the driver alone knows it checks itself.
/// </summary>
/// <remarks>Source: MongoDB's "Connection String Specification".</remarks>
internal sealed class MongoUrl
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/\\. \"$*<>:|?\0");
    private static readonly string[] Schemes = ["mongodb://", "mongodb+srv://"];

    // Acknowledged means on disk, by most of the servers; and a server that is away is told of soon, for the engine tries again by itself.
    private static readonly (string Name, string Value)[] Defaults = [("w", "majority"), ("journal", "true"), ("serverSelectionTimeoutMS", "5000"), ("appName", "tidemark")];

    private MongoUrl(string text, string server, string database) => (Text, Server, Database) = (text, server, database);

    /// <summary>The address for the driver. It may hold a password.</summary>
    public string Text { get; }

    /// <summary>Where the database is, for people: <c>host:port/database</c>.</summary>
    public string Server { get; }

    /// <summary>The database.</summary>
    public string Database { get; }

    /// <summary>True if a text is meant to be such a URL.</summary>
    public static bool IsOne(string text) => Array.Exists(Schemes, s => text.StartsWith(s, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a URL.</summary>
    /// <param name="url">The URL.</param>
    /// <exception cref="FormatException">It can't be used; the message shows no secret.</exception>
    public static MongoUrl Parse(string url)
    {
        var scheme = Array.Find(Schemes, s => url.StartsWith(s, StringComparison.OrdinalIgnoreCase)) ?? throw new FormatException("the URL of a MongoDB database begins with mongodb:// or mongodb+srv://");
        var rest = url[scheme.Length..];
        var (before, query) = Cut(rest, '?');
        var at = before.LastIndexOf('@');
        var (hosts, path) = Cut(before[(at + 1)..], '/');
        if (path.Contains('/', StringComparison.Ordinal) || query.Contains('@', StringComparison.Ordinal) || (at >= 0 && before.AsSpan(0, at).IndexOfAny('/', '@') >= 0))
            throw new FormatException("'@', '/' or '?' stands where it has another meaning: in a user or a password write %40, %2F or %3F for it");
        CheckHosts(hosts, isSrv: scheme.Length > Schemes[0].Length);
        var database = Uri.UnescapeDataString(path);
        if (database.Length == 0) throw new FormatException("the URL names no database: expected mongodb://HOST/DATABASE");
        if (database.AsSpan().ContainsAny(Forbidden) || database.Length > 63)
            throw new FormatException($"'{database}' is no name of a database: expected at most 63 characters, and none of / \\ . space \" $ * < > : | ?");
        return new MongoUrl(WithDefaults(scheme + before, query), $"{hosts}/{database}", database);
    }

    private static void CheckHosts(string hosts, bool isSrv)
    {
        if (hosts.Length == 0) throw new FormatException("the URL names no host: expected mongodb://HOST/DATABASE");
        foreach (var host in hosts.Split(','))
        {
            var colon = host.LastIndexOf(':');
            if (colon > host.LastIndexOf(']') && !(int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536))
                throw new FormatException("the port is not a number from 1 to 65535; if the password holds '/' or '@', write %2F or %40 for it");
            if (host.Length == 0 || colon == 0) throw new FormatException("a host's name is missing: expected mongodb://HOST:PORT/DATABASE");
            if (isSrv && (colon >= 0 || hosts.Contains(',', StringComparison.Ordinal))) throw new FormatException("mongodb+srv:// takes one host without a port: the name server tells the others");
        }
    }

    private static string WithDefaults(string before, string query)
    {
        var given = query.Split('&').Select(p => Cut(p, '=').Before).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var added = Defaults.Where(d => !given.Contains(d.Name)).Select(d => $"{d.Name}={d.Value}");
        return $"{before}?{string.Join('&', query.Length == 0 ? added : added.Prepend(query))}";
    }

    private static (string Before, string After) Cut(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is >= 0 and var i ? (text[..i], text[(i + 1)..]) : (text, "");
}
