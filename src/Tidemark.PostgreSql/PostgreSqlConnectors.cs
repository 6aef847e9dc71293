using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql;

/// <summary>What this library registers.</summary>
public static class PostgreSqlConnectors
{
    /// <summary>The destination <c>postgresql</c>, also written as its URL, <c>postgresql://…</c> or <c>postgres://…</c>.</summary>
    public static IReadOnlyList<DestinationConnector> All { get; } =
    [
        new DestinationConnector<PostgreSqlDestination>(
            "postgresql",
            new Shape<PostgreSqlDestination>("A PostgreSQL database, version 12 or later.", static () => new PostgreSqlDestination())
                .Required("url", Formats.Secret, static (d, v) => d with { Url = v }, "The database as libpq's tools take it: postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full.")
                .Optional("password", Formats.Secret, static (d, v) => d with { Password = v }, "The password, where the URL does not carry it.")
                .Optional("schema", Formats.Text, static (d, v) => d with { Schema = v }, "The schema of tables whose name has none, and of Tidemark's own; made if it is missing. Default public.")
                .Rule(static d => WrongIn(d.Url.Reveal()) is { } wrong ? ("url", wrong) : null)
                .Rule(static d => PgSql.IsName(d.Schema) ? null : ("schema", $"found '{d.Schema}', expected a name of 1 to {PgSql.MaxNameBytes} bytes")),
            FromUrl),
    ];

    private static PostgreSqlDestination? FromUrl(string url, string baseDirectory)
    {
        if (!ConnectionUrl.IsOne(url)) return null;
        ConnectionUrl.Parse(url);
        return new PostgreSqlDestination { Url = new Secret(url) };
    }

    private static string? WrongIn(string url)
    {
        try
        {
            ConnectionUrl.Parse(url);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
