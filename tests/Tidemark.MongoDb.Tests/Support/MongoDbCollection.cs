namespace Tidemark.MongoDb.Tests.Support;

/// <summary>One server for all tests; each makes a database of its own. They run one after the other: the gateway counts for all.</summary>
[CollectionDefinition(Name)]
public sealed class MongoDbCollection : ICollectionFixture<MongoServer>
{
    public const string Name = "MongoDB";
}
