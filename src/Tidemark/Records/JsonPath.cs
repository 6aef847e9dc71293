using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tidemark.Records;

/// <summary>
/// A place in a JSON document: names joined by dots, <c>[0]</c> for one item, <c>[*]</c> for each, <c>['a.b']</c> for a name with
/// special characters; the empty path, or <c>$</c>, is the document. It reads bytes and answers slices of them; no tree is built.
/// </summary>
public sealed class JsonPath
{
    /// <summary>How deep a document may be nested.</summary>
    public const int MaxDepth = 1000;

    private readonly Segment[] _segments;
    private readonly string _text;

    private JsonPath(string text, Segment[] segments)
    {
        _text = text;
        _segments = segments;
    }

    /// <summary>True if it leads from an object to one value: it begins with a name and has no <c>[*]</c>.</summary>
    public bool IsField => _segments is [{ Name: not null }, ..] && !Array.Exists(_segments, s => s == Segment.Each);

    internal static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = MaxDepth };

    /// <summary>The path as it was written.</summary>
    public override string ToString() => _text;

    /// <summary>The path of one field of an object, whatever characters its name has.</summary>
    /// <param name="name">The field.</param>
    internal static JsonPath OfField(string name) => new(name, [Segment.OfName(name)]);

    /// <summary>Reads a path.</summary>
    /// <param name="text">The path.</param>
    /// <exception cref="FormatException">It is not a path; the message says where.</exception>
    public static JsonPath Parse(string text)
    {
        var segments = new List<Segment>();
        var i = text is "$" ? 1 : 0;
        while (i < text.Length)
        {
            if (text[i] == '[')
            {
                var quoted = i + 1 < text.Length && text[i + 1] is '\'' or '"';
                var close = quoted ? text.IndexOf(text[i + 1] + "]", i + 2, StringComparison.Ordinal) + 1 : text.IndexOf(']', i);
                if (close <= i) throw Wrong(text, i, "']' is missing");
                var inner = quoted ? text[(i + 2)..(close - 1)] : text[(i + 1)..close];
                if (quoted) segments.Add(Segment.OfName(inner));
                else if (inner is "*") segments.Add(Segment.Each);
                else if (int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) segments.Add(Segment.OfIndex(index));
                else throw Wrong(text, i, "expected [*], [0] or ['name']");
                i = close + 1;
            }
            else
            {
                if (i > 0 && text[i] != '.') throw Wrong(text, i, "expected '.' or '['");
                if (i > 0) i++;
                var end = text.AsSpan(i).IndexOfAny('.', '[');
                var name = end < 0 ? text[i..] : text.Substring(i, end);
                if (name.Length == 0) throw Wrong(text, i, "a name is missing");
                segments.Add(Segment.OfName(name));
                i += name.Length;
            }
        }
        return new JsonPath(text, [.. segments]);
    }

    /// <summary>Finds the first value at this path.</summary>
    /// <param name="json">A JSON document.</param>
    /// <param name="slice">Where the value lies.</param>
    /// <exception cref="JsonException">What was read up to the value is not JSON.</exception>
    public bool TryFind(ReadOnlySpan<byte> json, out RecordSlice slice)
    {
        var reader = new Utf8JsonReader(json, ReaderOptions);
        return TryFind(ref reader, out slice);
    }

    /// <summary>Finds the text of the first value at this path: a string unescaped, a number or boolean as written; null for null, objects, lists and nothing.</summary>
    /// <param name="json">A JSON document.</param>
    public string? FindText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, ReaderOptions);
        // The reader stands on the value's last token: on the value itself, if it is neither an object nor a list.
        return !TryFind(ref reader, out _) ? null : reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => null,
        };
    }

    /// <summary>
    /// Collects the records at this path and reads the document to its end, so that a truncated one is noticed: the items of a list, or the one value that is
    /// there; null is no record. Answers false if nothing is at this path.
    /// </summary>
    /// <param name="json">A JSON document.</param>
    /// <param name="records">Where they go.</param>
    /// <exception cref="JsonException">The document is not whole JSON.</exception>
    public bool Collect(ReadOnlySpan<byte> json, List<RecordSlice> records)
    {
        var reader = new Utf8JsonReader(json, ReaderOptions);
        var found = new Found { Items = records };
        reader.Read();
        Walk(ref reader, 0, ref found);
        while (reader.Read())
        {
            // At this point only white space may follow; anything else throws.
        }
        return found.Any;
    }

    /// <summary>
    /// Finds the values of several fields of an object in one pass; of a name that comes twice the last one counts, as it is the one that is written. Answers false if the
    /// document is no object.
    /// </summary>
    /// <param name="json">A JSON object.</param>
    /// <param name="fields">Paths of which each <see cref="IsField"/>.</param>
    /// <param name="slices">Where each value lies; of no length where there is none.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    internal static bool FindFields(ReadOnlySpan<byte> json, ReadOnlySpan<JsonPath> fields, Span<RecordSlice> slices)
    {
        slices.Clear();
        var reader = new Utf8JsonReader(json, ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader;
            reader.Read();
            var value = SliceOf(ref reader);
            for (var i = 0; i < fields.Length; i++)
            {
                if (name.ValueTextEquals(fields[i]._segments[0].Name)) slices[i] = fields[i].Within(json, value);
            }
        }
        return true;
    }

    /// <summary>Where the value lies, given where the value of the first name lies.</summary>
    private RecordSlice Within(ReadOnlySpan<byte> json, RecordSlice first)
    {
        if (_segments.Length == 1) return first;
        var reader = new Utf8JsonReader(json.Slice(first.Offset, first.Length), ReaderOptions);
        var found = default(Found);
        reader.Read();
        Walk(ref reader, 1, ref found);
        return found.Any ? found.Slice with { Offset = first.Offset + found.Slice.Offset } : default;
    }

    private bool TryFind(ref Utf8JsonReader reader, out RecordSlice slice)
    {
        var found = new Found { First = true };
        if (reader.Read()) Walk(ref reader, 0, ref found);
        slice = found.Slice;
        return found.Any;
    }

    private void Walk(ref Utf8JsonReader reader, int depth, ref Found found)
    {
        if (depth == _segments.Length)
        {
            Take(ref reader, ref found);
            return;
        }
        var segment = _segments[depth];
        if (segment.Name is { } name && reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var hit = reader.ValueTextEquals(name);
                reader.Read();
                if (hit) Walk(ref reader, depth + 1, ref found);
                else reader.Skip();
                if (found.Done) return;
            }
        }
        else if (segment.Name is null && reader.TokenType == JsonTokenType.StartArray)
        {
            // An empty list is there, though it has no items.
            if (segment.Index is null) found.Any |= found.Items is not null;
            for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
            {
                if (segment.Index is null || segment.Index == i) Walk(ref reader, depth + 1, ref found);
                else reader.Skip();
                if (found.Done) return;
            }
        }
        else
        {
            reader.Skip();
        }
    }

    private static void Take(ref Utf8JsonReader reader, ref Found found)
    {
        found.Any = true;
        if (found.Items is { } items)
        {
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(SliceOf(ref reader));
            }
            else if (reader.TokenType != JsonTokenType.Null)
            {
                items.Add(SliceOf(ref reader));
            }
        }
        else
        {
            found.Slice = SliceOf(ref reader);
        }
    }

    private static RecordSlice SliceOf(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new RecordSlice(start, (int)reader.BytesConsumed - start);
    }

    private static FormatException Wrong(string text, int at, string what) =>
        new($"found the path '{text}': {what} at position {at + 1}; expected names joined by dots, such as data.items[*].node");

    private readonly record struct Segment(byte[]? Name, int? Index)
    {
        public static Segment Each { get; } = new(null, null);

        public static Segment OfName(string name) => new(Encoding.UTF8.GetBytes(name), null);

        public static Segment OfIndex(int index) => new(null, index);
    }

    private struct Found
    {
        public bool First { get; init; }

        public List<RecordSlice>? Items { get; init; }

        public bool Any { get; set; }

        public RecordSlice Slice { get; set; }

        public readonly bool Done => First && Any;
    }
}
