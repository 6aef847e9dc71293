using System.Globalization;
using Npgsql;
using Tidemark.Definitions;

namespace Tidemark.PostgreSql.Native;

/// <summary>The parameters of a URL behind its question mark, as libpq knows them.</summary>
internal static class UrlParameters
{
    private static readonly Dictionary<string, SslMode> SslModes = new(StringComparer.Ordinal)
    {
        ["disable"] = SslMode.Disable,
        ["allow"] = SslMode.Allow,
        ["prefer"] = SslMode.Prefer,
        ["require"] = SslMode.Require,
        ["verify-ca"] = SslMode.VerifyCA,
        ["verify-full"] = SslMode.VerifyFull,
    };

    private static readonly Dictionary<string, Action<NpgsqlConnectionStringBuilder, string>> Known = new(StringComparer.Ordinal)
    {
        ["user"] = static (s, v) => s.Username = v,
        ["password"] = static (s, v) => s.Password = v,
        ["passfile"] = static (s, v) => s.Passfile = v,
        ["dbname"] = static (s, v) => s.Database = v,
        ["application_name"] = static (s, v) => s.ApplicationName = v,
        ["fallback_application_name"] = static (_, _) => { },
        ["options"] = static (s, v) => s.Options = v,
        ["connect_timeout"] = static (s, v) => s.Timeout = Seconds("connect_timeout", v, 1024),
        ["client_encoding"] = static (_, v) => OneOf("client_encoding", v.ToLowerInvariant(), "utf8", "utf-8", "auto"),
        ["sslmode"] = static (s, v) => s.SslMode = SslModes[OneOf("sslmode", v, [.. SslModes.Keys])],
        ["sslnegotiation"] = static (s, v) => s.SslNegotiation = OneOf("sslnegotiation", v, "postgres", "direct") is "direct" ? SslNegotiation.Direct : SslNegotiation.Postgres,
        ["sslrootcert"] = static (s, v) => s.RootCertificate = v,
        ["sslcert"] = static (s, v) => s.SslCertificate = v,
        ["sslkey"] = static (s, v) => s.SslKey = v,
        ["sslpassword"] = static (s, v) => s.SslPassword = v,
        ["channel_binding"] = static (s, v) => s.ChannelBinding = Enum.Parse<ChannelBinding>(OneOf("channel_binding", v, "disable", "prefer", "require"), ignoreCase: true),
        ["gssencmode"] = static (s, v) => s.GssEncryptionMode = Enum.Parse<GssEncryptionMode>(OneOf("gssencmode", v, "disable", "prefer", "require"), ignoreCase: true),
        ["krbsrvname"] = static (s, v) => s.KerberosServiceName = v,
        ["keepalives"] = static (s, v) => s.TcpKeepAlive = OneOf("keepalives", v, "0", "1") is "1",
        ["keepalives_idle"] = static (s, v) => s.TcpKeepAliveTime = Seconds("keepalives_idle", v, int.MaxValue),
        ["keepalives_interval"] = static (s, v) => s.TcpKeepAliveInterval = Seconds("keepalives_interval", v, int.MaxValue),
        ["target_session_attrs"] = static (s, v) => s.TargetSessionAttributes = OneOf("target_session_attrs", v, "any", "read-write", "primary"),
        ["load_balance_hosts"] = static (s, v) => s.LoadBalanceHosts = OneOf("load_balance_hosts", v, "disable", "random") is "random",
    };

    /// <summary>Splits <c>a=b&amp;c=d</c>.</summary>
    /// <exception cref="FormatException">A parameter is unknown, or has no value.</exception>
    public static List<(string Name, string Value)> Read(ReadOnlySpan<char> query)
    {
        var parameters = new List<(string, string)>();
        foreach (var range in query.Split('&'))
        {
            var text = query[range];
            if (text.IsEmpty) continue;
            var equals = text.IndexOf('=');
            // Behind a question mark in a password nothing may be shown: only what looks like a name is.
            var name = equals < 0 ? "" : ConnectionUrl.Decode(text[..equals], "parameter");
            if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                throw new FormatException("a parameter behind '?' is not written as name=value; if the password holds '?' or '&', write %3F or %26 for it");
            if (name is not ("host" or "port") && !Known.ContainsKey(name))
                throw new FormatException($"the URL's parameter '{name}' is not known{NearestName.Hint(name, ["host", "port", .. Known.Keys])}");
            parameters.Add((name, ConnectionUrl.Decode(text[(equals + 1)..], $"parameter '{name}'")));
        }
        return parameters;
    }

    /// <summary>Puts parameters into settings.</summary>
    /// <exception cref="FormatException">A value can't be used.</exception>
    public static void Apply(NpgsqlConnectionStringBuilder settings, IReadOnlyList<(string Name, string Value)> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (value.Length > 0) Known[name](settings, value);
        }
        // libpq's own special cases: with a root certificate `require` means verify-ca, and `system` stands for the machine's certificates.
        if (settings.RootCertificate is "system")
        {
            settings.RootCertificate = null;
            if (parameters.All(p => p.Name is not "sslmode")) settings.SslMode = SslMode.VerifyFull;
            if (settings.SslMode != SslMode.VerifyFull) throw new FormatException("sslrootcert=system goes with sslmode=verify-full only");
        }
        else if (settings.RootCertificate is not null && settings.SslMode == SslMode.Require)
        {
            settings.SslMode = SslMode.VerifyCA;
        }
        // A directory stands for a Unix socket, which has no options of TCP.
        if (settings.Host!.Split(',').Any(static h => h.StartsWith('/'))) (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval) = (false, 0, 0);
        // One host has nothing to choose from; whether it can be written is looked at in any case.
        if (!settings.Host.Contains(',', StringComparison.Ordinal)) settings.TargetSessionAttributes = null;
    }

    private static string OneOf(string name, string value, params string[] expected) =>
        expected.Contains(value, StringComparer.Ordinal) ? value : throw new FormatException($"found {name}={value} in the URL, expected one of {string.Join(", ", expected)}");

    private static int Seconds(string name, string value, int most) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= most
        ? seconds
        : throw new FormatException($"found {name}={value} in the URL, expected a number of seconds, at most {most}");
}
