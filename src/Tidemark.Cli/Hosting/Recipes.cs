using System.Reflection;
using Tidemark.Definitions;

namespace Tidemark.Cli.Hosting;

/// <summary>The recipes that come with the program.</summary>
internal static class Recipes
{
    private const string Prefix = "recipes/";
    private const string Suffix = "/tidemark.yaml";

    public static IReadOnlyList<string> Names { get; } = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Select(n => n.Replace('\\', '/'))
        .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(Suffix, StringComparison.Ordinal))
        .Select(n => n[Prefix.Length..^Suffix.Length])];

    /// <summary>The configuration of a recipe.</summary>
    public static string Read(string name)
    {
        if (!Names.Contains(name, StringComparer.Ordinal)) throw new UserErrorException($"no recipe is called '{name}'{NearestName.Hint(name, Names)}");
        return ReadResource($"{Prefix}{name}{Suffix}");
    }

    /// <summary>The files that a recipe's configuration names, with their paths as seen from it.</summary>
    public static IReadOnlyList<(string Path, string Text)> FilesOf(string name)
    {
        var folder = $"{Prefix}{name}/";
        return [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Select(n => (Resource: n, Name: n.Replace('\\', '/')))
            .Where(n => n.Name.StartsWith(folder, StringComparison.Ordinal) && !n.Name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(n => (n.Name[folder.Length..], ReadResource(n.Resource)))];
    }

    private static string ReadResource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
