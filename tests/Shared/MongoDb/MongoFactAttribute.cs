namespace Tidemark.Tests.Shared;

/// <summary>A test that needs MongoDB: skipped with the reason where its server is not set up.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MongoFactAttribute : FactAttribute
{
    public MongoFactAttribute() => Skip = DocumentDbServer.Refusal;
}
