using System.IO.Enumeration;
using Tidemark.Definitions;

namespace Tidemark.Sources.Files;

/// <summary>Finds the files that a path or a pattern names.</summary>
internal static class FileSet
{
    /// <summary>Standard input.</summary>
    public const string StandardInput = "-";

    private static readonly char[] Wildcards = ['*', '?'];

    /// <summary>The files in the order of their names, at least one.</summary>
    /// <param name="path">A path, or a pattern: <c>*</c> and <c>?</c> within a name, <c>**</c> for any directories.</param>
    /// <exception cref="SourceException">There is none, or it can't be read.</exception>
    public static IReadOnlyList<(string Path, string Name)> Find(string path)
    {
        if (path.IndexOfAny(Wildcards) < 0) return [(Single(path), Path.GetFileName(path))];
        var parts = path.Replace('\\', '/').Split('/');
        var fixedParts = parts.TakeWhile(p => p.IndexOfAny(Wildcards) < 0).ToArray();
        var root = string.Join('/', fixedParts);
        if (root.Length == 0) root = fixedParts.Length > 0 ? "/" : ".";
        if (!Directory.Exists(root)) throw new SourceException($"no file matches '{path}': there is no directory {Path.GetFullPath(root)}");
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        try
        {
            Collect(root, "", parts.AsSpan(fixedParts.Length), found);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new SourceException($"can't look for '{path}': {e.Message}", e);
        }
        if (found.Count == 0) throw new SourceException($"no file matches '{path}'; looked in {Path.GetFullPath(root)}");
        return [.. found.Select(f => (f.Value, f.Key))];
    }

    private static string Single(string path)
    {
        if (Directory.Exists(path)) throw new SourceException($"found a directory at '{path}', expected a file; a pattern such as {path.TrimEnd('/')}/*.jsonl reads all files in it");
        if (File.Exists(path)) return path;
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(directory)) throw new SourceException($"there is no file '{path}': there is no directory {directory}");
        var hint = NearestName.Of(Path.GetFileName(path), NamesIn(directory)) is { } near ? $"; did you mean '{near}'?" : "";
        throw new SourceException($"there is no file '{Path.GetFileName(path)}' in {directory}{hint}");
    }

    private static IEnumerable<string> NamesIn(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFiles(directory).Take(1000).Select(f => Path.GetFileName(f))];
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return [];
        }
    }

    // Names that begin with a dot are matched by patterns that do so too, as shells have it. Links to directories are not followed by **: they may lead in circles.
    private static void Collect(string directory, string prefix, ReadOnlySpan<string> pattern, SortedDictionary<string, string> found)
    {
        if (pattern.Length == 0) return;
        if (pattern[0] is "**")
        {
            Collect(directory, prefix, pattern.Length == 1 ? ["*"] : pattern[1..], found);
            foreach (var below in new DirectoryInfo(directory).EnumerateDirectories())
            {
                if (below.Name[0] != '.' && !below.Attributes.HasFlag(FileAttributes.ReparsePoint)) Collect(below.FullName, prefix + below.Name + "/", pattern, found);
            }
            return;
        }
        IEnumerable<FileSystemInfo> entries = pattern.Length == 1 ? new DirectoryInfo(directory).EnumerateFiles() : new DirectoryInfo(directory).EnumerateDirectories();
        foreach (var entry in entries)
        {
            if (entry.Name[0] == '.' && pattern[0] is not ['.', ..]) continue;
            if (!FileSystemName.MatchesSimpleExpression(pattern[0], entry.Name, ignoreCase: false)) continue;
            if (pattern.Length == 1) found[prefix + entry.Name] = Path.Combine(directory, entry.Name);
            else Collect(entry.FullName, prefix + entry.Name + "/", pattern[1..], found);
        }
    }
}
