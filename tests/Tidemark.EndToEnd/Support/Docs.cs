using System.Text.RegularExpressions;

namespace Tidemark.EndToEnd.Support;

/// <summary>The documentation, in parts that can be tried.</summary>
internal static partial class Docs
{
    /// <summary>README.md and docs/*.md.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [Path.Combine(Repository.Root, "README.md"), .. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Order(StringComparer.Ordinal)];

    public static string Text(string name) => File.ReadAllText(Files.Single(f => Path.GetFileName(f) == name));

    /// <summary>The fenced blocks of all files whose info string begins with a word.</summary>
    public static IEnumerable<DocBlock> Blocks(string kind) => Files.SelectMany(file => BlocksIn(File.ReadAllText(file), kind));

    /// <summary>The fenced blocks of one file whose info string begins with a word.</summary>
    public static IEnumerable<DocBlock> BlocksOf(string name, string kind) => BlocksIn(Text(name), kind);

    private static IEnumerable<DocBlock> BlocksIn(string text, string kind) => Fence().Matches(text)
        .Select(m => new DocBlock(m.Groups["info"].Value.Trim(), m.Groups["text"].Value))
        .Where(b => b.Info == kind || b.Info.StartsWith(kind + " ", StringComparison.Ordinal));

    /// <summary>The rows of all tables in a file whose first heading is a word; each row as its cells.</summary>
    public static IEnumerable<string[]> Rows(string name, string heading)
    {
        var within = false;
        foreach (var line in Text(name).Split('\n'))
        {
            var cells = line.Trim().Trim('|').Split('|').Select(c => c.Trim()).ToArray();
            if (!line.StartsWith('|')) within = false;
            else if (cells[0] == heading) within = true;
            else if (within && !cells[0].StartsWith("---", StringComparison.Ordinal)) yield return cells;
        }
    }

    /// <summary>The headings of a file as the anchors that links to them use.</summary>
    public static IEnumerable<string> Anchors(string file) => File.ReadAllText(file).Split('\n').Where(l => l.StartsWith('#'))
        .Select(l => NotInAnchors().Replace(l.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    public static IEnumerable<string> Links(string file) => Link().Matches(File.ReadAllText(file)).Select(m => m.Groups["to"].Value);

    /// <summary>What a pattern, line by line, has found under the name <c>found</c>.</summary>
    public static IEnumerable<string> Find(string text, string pattern) =>
        Regex.Matches(text, pattern, RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(m => m.Groups["found"].Value);

    /// <summary>What stands between backticks in a text.</summary>
    public static IEnumerable<string> Code(string text) => Ticked().Matches(text).Select(m => m.Groups["code"].Value);

    [GeneratedRegex(@"^```(?<info>[^\n]*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\]\((?<to>[^)]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ticked();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]", RegexOptions.None, 1000)]
    private static partial Regex NotInAnchors();
}

/// <summary>A fenced block.</summary>
/// <param name="Info">What stands behind the opening fence.</param>
/// <param name="Text">What is in it.</param>
internal sealed record DocBlock(string Info, string Text);
