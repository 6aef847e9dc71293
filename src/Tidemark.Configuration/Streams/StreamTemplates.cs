using Tidemark.Definitions;
using Tidemark.Sources;

namespace Tidemark.Configuration.Streams;

/// <summary>
/// The templates in what a stream asks of its source, each with its place. Which texts are templates is the connector's business; a text with
/// <c>{{ watermark }}</c> or <c>{{ parent.id }}</c> in it can be nothing else.
/// </summary>
internal static class StreamTemplates
{
    /// <summary>Finds all templates below a node. Texts that are no templates are passed over: the connector says so.</summary>
    /// <param name="node">The node.</param>
    public static IEnumerable<(Template Template, Location Location)> In(ConfigNode node) => node switch
    {
        MappingNode mapping => mapping.Entries.SelectMany(e => In(e.Value)),
        SequenceNode sequence => sequence.Items.SelectMany(In),
        ScalarNode scalar when TryParse(scalar.Text) is { } template => [(template, scalar.Location)],
        _ => [],
    };

    private static Template? TryParse(string text)
    {
        if (!text.Contains("{{", StringComparison.Ordinal)) return null;
        try
        {
            return Template.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
