namespace Tidemark.EndToEnd.Support;

/// <summary>A test that needs MongoDB's server and the published tool, which runs where no .NET is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PublishedMongoFactAttribute : FactAttribute
{
    public PublishedMongoFactAttribute() =>
        Skip = DocumentDbServer.Refusal ?? (Tool.Published is null ? "it takes the published tool: TIDEMARK_PUBLISHED=$(./publish.sh) dotnet test …" : null);
}
