using Tidemark.Configuration;
using Tidemark.Http;
using Tidemark.PostgreSql;
using Tidemark.Sources.Files;
using Tidemark.Sources.Pushed;
using Tidemark.Sqlite;

namespace Tidemark.Cli.Hosting;

/// <summary>All connectors that the command line brings.</summary>
internal static class Connectors
{
    public static ConnectorRegistry All { get; } = new()
    {
        Sources = [.. HttpConnectors.All, .. FileConnectors.All, .. PushConnectors.All],
        Destinations = [.. SqliteConnectors.All, .. PostgreSqlConnectors.All],
    };
}
