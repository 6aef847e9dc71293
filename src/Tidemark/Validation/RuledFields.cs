using System.Runtime.InteropServices;
using System.Text.Json;
using Tidemark.Records;

namespace Tidemark.Validation;

/// <summary>Reads the fields that rules ask for, all in one pass over a record. Owned by one task; its memory is used again for the next record.</summary>
internal sealed class RuledFields
{
    private readonly List<JsonPath> _paths = [];
    private RecordSlice[] _slices = [];
    private byte[][] _unescaped = [];

    /// <summary>Asks for a field, and says under which number it is found.</summary>
    public int Ask(JsonPath path)
    {
        var known = _paths.FindIndex(p => string.Equals(p.ToString(), path.ToString(), StringComparison.Ordinal));
        if (known >= 0) return known;
        _paths.Add(path);
        _slices = new RecordSlice[_paths.Count];
        _unescaped = [.. _paths.Select(_ => Array.Empty<byte>())];
        return _paths.Count - 1;
    }

    /// <summary>Finds the fields of a record; false if it is no object.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public bool Find(ReadOnlySpan<byte> record) => JsonPath.FindFields(record, CollectionsMarshal.AsSpan(_paths), _slices);

    /// <summary>A field of the record whose fields were found last, as it is written there; empty: it is not there.</summary>
    public ReadOnlySpan<byte> RawOf(ReadOnlySpan<byte> record, int field) => record.Slice(_slices[field].Offset, _slices[field].Length);

    /// <summary>The value of a field of the record whose fields were found last; it holds until the same field is read again.</summary>
    /// <exception cref="InvalidOperationException">Its text has escapes that are no character.</exception>
    public FieldValue Of(ReadOnlySpan<byte> record, int field)
    {
        var slice = _slices[field];
        if (slice.Length == 0) return default;
        var reader = new Utf8JsonReader(record.Slice(slice.Offset, slice.Length), JsonPath.ReaderOptions);
        reader.Read();
        if (!reader.ValueIsEscaped) return new FieldValue(reader.TokenType, reader.ValueSpan);
        // Unescaped, a text is never longer.
        if (_unescaped[field].Length < reader.ValueSpan.Length) _unescaped[field] = new byte[2 * reader.ValueSpan.Length];
        return new FieldValue(JsonTokenType.String, _unescaped[field].AsSpan(0, reader.CopyString(_unescaped[field])));
    }
}
