using Tidemark.Definitions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tidemark.Configuration.Yaml;

/// <summary>
/// Makes configuration nodes of YAML. Anchors, aliases and merge keys (<c>&lt;&lt;</c>) work; repeated keys, several documents, tags and keys that are no
/// scalars are refused. It reads parser events, so that every node and every error has its place.
/// </summary>
internal sealed class YamlNodes
{
    private const int MaxDepth = 64;
    private const int MaxNodes = 100_000;

    private readonly string _file;
    private readonly Parser _parser;
    private readonly VariableReplacer _variables;
    private readonly ConfigProblems _problems;
    private readonly Dictionary<string, (ConfigNode Node, int Size)> _anchors = new(StringComparer.Ordinal);
    private int _size;
    private int _depth;

    private YamlNodes(string file, string text, VariableReplacer variables, ConfigProblems problems)
    {
        _file = file;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        _variables = variables;
        _problems = problems;
    }

    /// <summary>The root of a document; null if there is none or the text is no YAML, and then it was said.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="variables">The environment.</param>
    /// <param name="problems">Where problems go.</param>
    public static ConfigNode? Read(string file, string text, VariableReplacer variables, ConfigProblems problems)
    {
        try
        {
            return new YamlNodes(file, text, variables, problems).ReadDocument();
        }
        catch (YamlException e)
        {
            var problem = YamlMessages.Explain(file, e, text);
            problems.Add(problem.Location, problem.Message);
            return null;
        }
    }

    private ConfigNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            _problems.Add(new Location(_file, 1, 1), "the file is empty; 'tidemark init' writes one that runs as it stands");
            return null;
        }
        var root = ReadNode();
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
        {
            _problems.Add(Place(second), "found a second document ('---'), expected one; put each pipeline into a file of its own");
            return null;
        }
        return root;
    }

    private ConfigNode ReadNode()
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias)) return Aliased(alias);
        var start = (NodeEvent)_parser.Current!;
        if (++_depth > MaxDepth) throw new YamlException(start.Start, start.End, $"Found more than {MaxDepth} levels.");
        var before = _size;
        Grow(1, start);
        if (!start.Tag.IsEmpty && start is not Scalar) RefuseTag(start);
        ConfigNode node = start switch
        {
            Scalar => ReadScalar(),
            SequenceStart => ReadSequence(),
            _ => ReadMapping(),
        };
        _depth--;
        if (!start.Anchor.IsEmpty) _anchors[start.Anchor.Value] = (node, _size - before);
        return node;
    }

    private ConfigNode Aliased(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var anchor))
        {
            _problems.Add(Place(alias), $"found *{alias.Value.Value}, but no &{alias.Value.Value} comes before it");
            return new ScalarNode("", Plain: true, Place(alias));
        }
        Grow(anchor.Size, alias);
        return anchor.Node;
    }

    // What aliases stand for counts each time: a small file must not grow into a large one.
    private void Grow(int count, ParsingEvent at)
    {
        _size += count;
        if (_size > MaxNodes) throw new YamlException(at.Start, at.End, $"Found more than {MaxNodes} values, aliases unfolded.");
    }

    private ScalarNode ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        if (!scalar.Tag.IsEmpty && !IsStringTag(scalar)) RefuseTag(scalar);
        var plain = scalar.Style is ScalarStyle.Plain && !IsStringTag(scalar);
        return _variables.Replace(new ScalarNode(scalar.Value, plain, Place(scalar)));
    }

    private SequenceNode ReadSequence()
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<ConfigNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadNode());
        return new SequenceNode(items, Place(start));
    }

    private MappingNode ReadMapping()
    {
        var start = _parser.Consume<MappingStart>();
        var entries = new OrderedDictionary<string, KeyValuePair<ScalarNode, ConfigNode>>(StringComparer.Ordinal);
        var merged = new List<KeyValuePair<ScalarNode, ConfigNode>>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadKey();
            var value = ReadNode();
            if (key is null) continue;
            if (key is { Text: "<<", Plain: true }) merged.AddRange(EntriesToMerge(value));
            else if (entries.TryGetValue(key.Text, out var first))
                _problems.Add(key.Location, $"found the key '{key.Text}' again; it stands on line {first.Key.Location.Line} already; keep one of the two");
            else entries.Add(key.Text, new(key, value));
        }
        // What stands here wins over what is merged; of what is merged, the first wins.
        foreach (var entry in merged) entries.TryAdd(entry.Key.Text, entry);
        return new MappingNode([.. entries.Values], Place(start));
    }

    private ScalarNode? ReadKey()
    {
        if (_parser.Accept<Scalar>(out var scalar))
        {
            _parser.Consume<Scalar>();
            var location = Place(scalar);
            if (scalar.Value.Contains("${", StringComparison.Ordinal))
                _problems.Add(location, $"found '{scalar.Value}' as a key; environment variables are replaced in values only");
            return new ScalarNode(scalar.Value, scalar.Style is ScalarStyle.Plain, location);
        }
        var found = ReadNode();
        _problems.Add(found.Location, $"found {found.Kind} as a key, expected a name");
        return null;
    }

    private IEnumerable<KeyValuePair<ScalarNode, ConfigNode>> EntriesToMerge(ConfigNode value)
    {
        foreach (var one in value is SequenceNode list ? list.Items : [value])
        {
            if (one is MappingNode mapping)
            {
                foreach (var entry in mapping.Entries) yield return entry;
            }
            else
            {
                _problems.Add(one.Location, $"found {one.Kind} after '<<', expected an alias of a mapping, such as *defaults");
            }
        }
    }

    private void RefuseTag(NodeEvent node) =>
        _problems.Add(Place(node), $"found the tag '{node.Tag.Value}', which is not supported here; take it out, or put a text between quotes");

    private static bool IsStringTag(Scalar scalar) => !scalar.Tag.IsEmpty && scalar.Tag.Value is "tag:yaml.org,2002:str" or "!";

    private Location Place(ParsingEvent at) => new(_file, (int)at.Start.Line, (int)at.Start.Column);
}
