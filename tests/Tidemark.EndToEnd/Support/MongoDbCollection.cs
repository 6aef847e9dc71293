namespace Tidemark.EndToEnd.Support;

/// <summary>One server for all tests that need MongoDB.</summary>
[CollectionDefinition(Name)]
public sealed class MongoDbCollection : ICollectionFixture<MongoServer>
{
    public const string Name = "MongoDB";
}
