namespace Tidemark.EndToEnd.Support;

/// <summary>The checkout that the tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "Tidemark.slnx")) ? directory : Find(Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("Tidemark.slnx lies in no directory above the tests"));
}
