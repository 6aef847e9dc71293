using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Support;

/// <summary>One server for all tests that go to it directly; each makes a database of its own.</summary>
[CollectionDefinition(Name)]
public sealed class PostgreSqlCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
