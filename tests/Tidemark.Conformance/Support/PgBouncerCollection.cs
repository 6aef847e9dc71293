using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Support;

/// <summary>One server behind PgBouncer for all tests that go through it; each makes a database of its own.</summary>
[CollectionDefinition(Name)]
public sealed class PgBouncerCollection : ICollectionFixture<PgBouncer>
{
    public const string Name = "PgBouncer";
}
