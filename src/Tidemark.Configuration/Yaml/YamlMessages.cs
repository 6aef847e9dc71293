using Tidemark.Definitions;
using YamlDotNet.Core;

namespace Tidemark.Configuration.Yaml;

/// <summary>Says in plain words what a YAML parser means.</summary>
internal static class YamlMessages
{
    /// <summary>A problem for the user.</summary>
    /// <param name="file">The file.</param>
    /// <param name="e">What the parser threw.</param>
    /// <param name="text">The text that it read.</param>
    public static ConfigProblem Explain(string file, YamlException e, string text)
    {
        var lines = text.Split('\n');
        var (line, column) = ((int)e.Start.Line, (int)e.Start.Column);
        // The parser sees a tab late, and then points at what the tab stands in.
        if (Array.FindIndex(lines, Math.Clamp(line - 1, 0, lines.Length - 1), l => l.TrimStart(' ') is ['\t', .. var rest] && !string.IsNullOrWhiteSpace(rest)) is >= 0 and var tab
            && (e.Message.Contains("tab", StringComparison.Ordinal) || tab == line - 1))
            return new ConfigProblem(new Location(file, tab + 1, lines[tab].IndexOf('\t', StringComparison.Ordinal) + 1), "found a tab in the indentation, expected spaces");
        return new ConfigProblem(new Location(file, line, column), Message(e, line >= 1 && line <= lines.Length ? lines[line - 1] : ""));
    }

    private static string Message(YamlException e, string line)
    {
        if (e.Message.Contains("invalid mapping", StringComparison.Ordinal))
            return "found ': ' inside a value, or a key that is indented too far; put a text with ': ' in it between quotes, and begin keys of one level in one column";
        if (e.Message.Contains("cannot start any token", StringComparison.Ordinal))
            return $"found '{At(line, e.Start)}', which can't begin a value; put the text between quotes";
        if (e.Message.Contains("quoted scalar, found unexpected end", StringComparison.Ordinal))
            return "the closing quote of this text is missing";
        if (e.Message.Contains("did not find expected", StringComparison.Ordinal) && line.Contains("${", StringComparison.Ordinal))
            return "expected something else here; put a text with ${…} in it between quotes where it stands inside [ ] or { }";
        if (e.Message.Contains("did not find expected key", StringComparison.Ordinal))
            return "expected a key here; are the keys of one level in one column, and is a text with quotes in it quoted as a whole?";
        if (e.Message.Contains("did not find expected node content", StringComparison.Ordinal) || e.Message.Contains("did not find expected ',' or", StringComparison.Ordinal))
            return "expected a value here; is a '[' or '{' closed?";
        return $"not valid YAML: {char.ToLowerInvariant(e.Message[0])}{e.Message[1..].TrimEnd('.')}";
    }

    private static string At(string line, Mark mark) => mark.Column >= 1 && mark.Column <= line.Length ? line[(int)mark.Column - 1].ToString() : "this character";
}
