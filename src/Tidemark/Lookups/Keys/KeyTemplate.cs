using System.Globalization;
using System.Text;
using Tidemark.Records;

namespace Tidemark.Lookups.Keys;

/// <summary>A text with the names of parameters in braces: <c>scoring:{asin}:{domain}</c>. Filled, it is a key that people can read and that no other values have.</summary>
public sealed class KeyTemplate
{
    private const char Absent = '~';

    private readonly string _text;
    private readonly List<(string Literal, string? Name)> _parts = [];
    private readonly HashSet<char> _escaped = ['%', '#', '~'];

    private KeyTemplate(string text) => _text = text;

    /// <summary>The parameters that it names, in order, each once.</summary>
    public IReadOnlyList<string> Names => [.. _parts.Select(p => p.Name).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Reads a template.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static KeyTemplate Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var template = new KeyTemplate(text);
        var at = 0;
        while (text.IndexOfAny(['{', '}'], at) is >= 0 and var open)
        {
            var close = text[open] == '{' ? text.IndexOf('}', open) : -1;
            var name = close < 0 ? "" : text[(open + 1)..close];
            if (name.Length == 0 || !name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-'))
                throw new FormatException($"found '{text}', expected names of parameters in braces, such as scoring:{{asin}}:{{domain}}");
            var literal = text[at..open];
            var separators = literal.Where(c => !char.IsLetterOrDigit(c)).ToList();
            if (template._parts.Count > 0 && separators.Count == 0) throw new FormatException($"found '{text}': between {{{template._parts[^1].Name}}} and {{{name}}} a separator is missing, such as ':'");
            // At the beginning a '_' separates nothing.
            template._escaped.UnionWith(template._parts.Count > 0 ? separators : separators.Where(c => c != '_'));
            template._parts.Add((literal, name));
            at = close + 1;
        }
        if (template._parts.Count == 0) throw new FormatException($"found '{text}', which names no parameter: all callers would share one answer; expected such as scoring:{{asin}}:{{domain}}");
        template._parts.Add((text[at..], null));
        return template;
    }

    /// <summary>The key of some values.</summary>
    /// <param name="values">Values by name; one that is not there is told apart from an empty one.</param>
    public string Fill(IReadOnlyDictionary<string, ScalarValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var key = new StringBuilder();
        foreach (var (literal, name) in _parts)
        {
            key.Append(literal);
            if (name is null) continue;
            if (values.TryGetValue(name, out var value)) Escape(key, value.Text);
            else key.Append(Absent);
        }
        return key.ToString();
    }

    /// <summary>The text as it was written.</summary>
    public override string ToString() => _text;

    // What stands between two parts can't stand in one: so no two lists of values have one key.
    private void Escape(StringBuilder key, string value)
    {
        foreach (var c in value)
        {
            if (!_escaped.Contains(c) && !char.IsControl(c) && !char.IsWhiteSpace(c) && !char.IsSurrogate(c)) key.Append(c);
            else if (char.IsSurrogate(c)) key.Append(CultureInfo.InvariantCulture, $"%u{(int)c:X4}");
            else if (c < 0x100) key.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
            else key.Append(CultureInfo.InvariantCulture, $"%u{(int)c:X4}");
        }
    }
}
