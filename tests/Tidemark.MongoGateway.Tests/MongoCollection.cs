namespace Tidemark.MongoGateway.Tests;

/// <summary>One server for all tests, one test after another: some kill it.</summary>
[CollectionDefinition(Name)]
public sealed class MongoCollection : ICollectionFixture<MongoServer>
{
    public const string Name = "MongoDB";
}
