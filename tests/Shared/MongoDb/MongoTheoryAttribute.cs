namespace Tidemark.Tests.Shared;

/// <inheritdoc cref="MongoFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MongoTheoryAttribute : TheoryAttribute
{
    public MongoTheoryAttribute() => Skip = DocumentDbServer.Refusal;
}
