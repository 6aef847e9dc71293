using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;

namespace Tidemark.Http.Shapes;

/// <summary>The text of a file, read together with the definition; the path is relative to the configuration file.</summary>
internal sealed class TextOfFile : Format<string>
{
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out string value)
    {
        value = null;
        if (!Formats.FilePath.TryRead(node, problems, out var path)) return false;
        try
        {
            value = File.ReadAllText(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(node.Location, e is FileNotFoundException or DirectoryNotFoundException
                ? $"found no file '{path}'; a path is relative to the configuration file"
                : $"the file '{path}' can't be read: {e.Message}");
            return false;
        }
    }

    public override JsonObject Schema() => Formats.FilePath.Schema();
}
