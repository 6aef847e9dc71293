using System.Text.Json;

namespace Tidemark.Records;

/// <summary>The fields of a record, or of an object in it that is flattened. Mostly they come in the same order each time.</summary>
/// <param name="prefix">What their columns' names begin with.</param>
internal sealed class FieldLevel(string prefix)
{
    private readonly List<byte[]> _predicted = [];
    private readonly List<BatchColumn> _columns = [];

    public string Prefix => prefix;

    /// <summary>The column of the property name that the reader stands on, if the <paramref name="position"/>th one has been this one before.</summary>
    public BatchColumn? Predicted(ref Utf8JsonReader reader, int position) =>
        position < _predicted.Count && !reader.ValueIsEscaped && reader.ValueSpan.SequenceEqual(_predicted[position]) ? _columns[position] : null;

    public void Learn(ref Utf8JsonReader reader, int position, BatchColumn column)
    {
        if (position != _predicted.Count || reader.ValueIsEscaped) return;
        _predicted.Add(reader.ValueSpan.ToArray());
        _columns.Add(column);
    }
}
