using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Support;

/// <summary>One server for all tests that need MongoDB; each makes a database of its own.</summary>
[CollectionDefinition(Name)]
public sealed class MongoDbCollection : ICollectionFixture<MongoServer>
{
    public const string Name = "MongoDB";
}
