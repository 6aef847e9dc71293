using YamlDotNet.Core;

namespace Tidemark.Configuration.Yaml;

/// <summary>Says in plain words what a YAML parser means.</summary>
internal static class YamlMessages
{
    /// <summary>A message for the user.</summary>
    /// <param name="e">What the parser threw.</param>
    /// <param name="text">The text that it read.</param>
    public static string Explain(YamlException e, string text)
    {
        var lines = text.Split('\n');
        var line = (int)e.Start.Line is var n && n >= 1 && n <= lines.Length ? lines[n - 1] : "";
        if (e.Message.Contains("tab character", StringComparison.Ordinal) || (line.TrimStart(' ') is ['\t', ..]))
            return "found a tab in the indentation, expected spaces";
        if (e.Message.Contains("invalid mapping", StringComparison.Ordinal))
            return "found ': ' inside a value, or a key that is indented too far; put a text with ': ' in it between quotes, and begin keys of one level in one column";
        if (e.Message.Contains("cannot start any token", StringComparison.Ordinal))
            return $"found '{At(line, e.Start)}', which can't begin a value; put the text between quotes";
        if (e.Message.Contains("quoted scalar, found unexpected end", StringComparison.Ordinal))
            return "the closing quote of this text is missing";
        if (e.Message.Contains("did not find expected key", StringComparison.Ordinal))
            return "expected a key here; are the keys of one level in one column, and is a text with quotes in it quoted as a whole?";
        if (e.Message.Contains("did not find expected node content", StringComparison.Ordinal) || e.Message.Contains("did not find expected ',' or", StringComparison.Ordinal))
            return "expected a value here; is a '[' or '{' closed?";
        return $"not valid YAML: {char.ToLowerInvariant(e.Message[0])}{e.Message[1..].TrimEnd('.')}";
    }

    private static string At(string line, Mark mark) => mark.Column >= 1 && mark.Column <= line.Length ? line[(int)mark.Column - 1].ToString() : "this character";
}
