namespace Tidemark.EndToEnd.PostgreSql;

/// <summary>One server for all tests that need one and leave it running; each makes a database of its own.</summary>
[CollectionDefinition(Name)]
public sealed class PostgreSqlCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
