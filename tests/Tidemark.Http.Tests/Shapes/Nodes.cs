using Tidemark.Definitions;

namespace Tidemark.Http.Tests.Shapes;

/// <summary>Configuration nodes by hand. Each scalar stands on a line of its own, in the order of making.</summary>
internal sealed class Nodes(string file = "tidemark.yaml")
{
    private int _line;

    public MappingNode Map(params (string Key, object Value)[] entries)
    {
        var location = new Location(file, _line + 1, 1);
        return new MappingNode([.. entries.Select(e =>
        {
            var key = new ScalarNode(e.Key, Plain: true, new Location(file, ++_line, 1));
            return KeyValuePair.Create(key, Of(e.Value));
        })], location);
    }

    // Values are given as functions where they hold keys, so that lines count on.
    private ConfigNode Of(object value) => value switch
    {
        ConfigNode node => node,
        Func<Nodes, ConfigNode> make => make(this),
        string text => new ScalarNode(text, Plain: false, new Location(file, _line, 10)),
        bool truth => new ScalarNode(truth ? "true" : "false", Plain: true, new Location(file, _line, 10)),
        int number => new ScalarNode($"{number}", Plain: true, new Location(file, _line, 10)),
        object[] items => new SequenceNode([.. items.Select(Of)], new Location(file, _line, 10)),
        _ => throw new ArgumentException(value.GetType().Name),
    };
}
