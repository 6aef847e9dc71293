using Tidemark.Configuration.Yaml;
using Tidemark.Definitions;

namespace Tidemark.Configuration;

/// <summary>
/// The file <c>.env</c>: <c>KEY=VALUE</c> a line, with or without <c>export</c> before it; <c>#</c> begins a comment at the start of a line or after white space;
/// <c>'single quotes'</c> keep everything, <c>"double quotes"</c> know <c>\n \r \t \" \\ \$</c>; UTF-8. Errors never show a value.
/// </summary>
public static class DotEnv
{
    /// <summary>The file's name.</summary>
    public const string FileName = ".env";

    /// <summary>The variables of an environment, and those of the <c>.env</c> beside a configuration file that it lacks: the environment wins.</summary>
    /// <param name="configurationFile">The configuration file.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="problems">Where problems go.</param>
    public static IReadOnlyDictionary<string, string> Beside(string configurationFile, IReadOnlyDictionary<string, string> environment, ConfigProblems problems)
    {
        var file = Formats.InDirectoryOf(configurationFile, FileName);
        if (!File.Exists(file)) return environment;
        var all = new Dictionary<string, string>(Read(file, problems), StringComparer.Ordinal);
        foreach (var (name, value) in environment) all[name] = value;
        return all;
    }

    /// <summary>Reads a file; a later line wins over an earlier one.</summary>
    /// <param name="file">The file.</param>
    /// <param name="problems">Where problems go.</param>
    public static IReadOnlyDictionary<string, string> Read(string file, ConfigProblems problems)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Utf8File.Read(file, problems) is not { } text) return values;
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#') continue;
            var start = line.Length - line.TrimStart().Length;
            if (trimmed.StartsWith("export ", StringComparison.Ordinal)) start += 7 + (trimmed.Length - 7 - trimmed[7..].TrimStart().Length);
            var (name, value, wrong, at) = DotEnvLine.Read(line.TrimEnd(), start);
            if (wrong is null) values[name] = value;
            else problems.Add(new Location(file, number, at + 1), wrong);
        }
        return values;
    }
}
