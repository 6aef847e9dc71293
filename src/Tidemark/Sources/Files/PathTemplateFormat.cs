using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;

namespace Tidemark.Sources.Files;

/// <summary>A path with templates in it, made relative to the directory of the configuration.</summary>
internal sealed class PathTemplateFormat : Format<Template>
{
    private static readonly Format<Template> Inner = Formats.Parsed(Template.Parse);

    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out Template value)
    {
        if (!Inner.TryRead(node, problems, out value) || !Formats.FilePath.TryRead(node, problems, out var path)) return false;
        value = Template.Parse(path);
        return true;
    }

    public override JsonObject Schema() => Inner.Schema();
}
