using Tidemark.Cli.Scoring;
using Tidemark.Configuration;
using Tidemark.Http;
using Tidemark.Lookups;
using Tidemark.MongoDb;
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
        Destinations = [.. SqliteConnectors.All, .. PostgreSqlConnectors.All, .. MongoDbConnectors.All],
        Computations = [new LookupComputationConnector<ProductScore>("product_score", ProductScoreShape.Keys)],
    };
}
