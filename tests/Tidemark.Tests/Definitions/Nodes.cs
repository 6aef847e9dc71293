using Tidemark.Definitions;

namespace Tidemark.Tests.Definitions;

/// <summary>Configuration nodes by hand: the file is f.yaml, the key at index i of a mapping stands on line i + 1, its value in column 10.</summary>
internal static class Nodes
{
    public static ScalarNode Plain(string text, int line = 1) => new(text, Plain: true, new Location("dir/f.yaml", line, 10));

    public static ScalarNode Quoted(string text, int line = 1) => new(text, Plain: false, new Location("dir/f.yaml", line, 10));

    public static SequenceNode List(params ConfigNode[] items) => new(items, new Location("dir/f.yaml", 1, 10));

    public static MappingNode Map(params (string Key, ConfigNode Value)[] entries) =>
        new([.. entries.Select((e, i) => KeyValuePair.Create(new ScalarNode(e.Key, Plain: true, new Location("dir/f.yaml", i + 1, 1)), e.Value))], new Location("dir/f.yaml", 1, 1));

    /// <summary>The value as text, or all problems.</summary>
    public static string Read<T>(this Format<T> format, ConfigNode node)
    {
        var problems = new ConfigProblems();
        var ok = format.TryRead(node, problems, out var value);
        ok.ShouldBe(problems.None);
        return ok ? $"ok {value}" : string.Join('\n', problems.Items);
    }
}
