using System.Text;
using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.Pushing;

/// <summary>The different values that one reference is asked for in a gathered write. Owned by one task.</summary>
internal sealed class AskedTuples(ReferenceRule rule)
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<IReadOnlyList<ScalarValue>> _tuples = [];

    public int Count => _tuples.Count;

    /// <summary>The number of a tuple, from 0.</summary>
    public int NumberOf(IReadOnlyList<ScalarValue> tuple)
    {
        var name = new StringBuilder();
        // With its length before it, so that two values don't run together.
        foreach (var value in tuple) name.Append((char)('0' + (int)value.Kind)).Append(value.Text.Length).Append(':').Append(value.Text);
        var key = name.ToString();
        if (_numbers.TryGetValue(key, out var number)) return number;
        _tuples.Add(tuple);
        return _numbers[key] = _tuples.Count - 1;
    }

    public ReferenceQuery Query() => new(rule.Table, [rule.Match, .. rule.Where.Select(w => w.Column)], _tuples);

    public void Clear()
    {
        _numbers.Clear();
        _tuples.Clear();
    }
}
