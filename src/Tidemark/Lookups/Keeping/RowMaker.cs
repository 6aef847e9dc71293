using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tidemark.Lookups.Keys;
using Tidemark.Records;

namespace Tidemark.Lookups.Keeping;

/// <summary>Makes rows of answers, and values as they are served. Pure.</summary>
/// <param name="columns">The columns of an answer; empty: all of it in one column.</param>
internal sealed class RowMaker(IReadOnlyList<LookupColumn> columns)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly IReadOnlyList<LookupColumn> _columns = columns.Count > 0 ? columns : [LookupDefinition.WholeAnswer];
    private readonly JsonPath[] _paths = [.. columns.Select(c => c.Path ?? JsonPath.OfField(c.Name))];

    /// <summary>The value of an answer.</summary>
    /// <param name="key">What was asked.</param>
    /// <param name="answer">What was answered, UTF-8 JSON.</param>
    public ReadOnlyMemory<byte> ValueOf(LookupKey key, ReadOnlyMemory<byte> answer)
    {
        if (columns.Count == 0) return answer.ToArray();
        return Write(json => WriteColumns(json, key, answer));
    }

    /// <summary>The row of an answer.</summary>
    /// <param name="key">What was asked.</param>
    /// <param name="answer">What was answered, UTF-8 JSON.</param>
    /// <param name="createdAt">When.</param>
    /// <param name="expiresAt">Until when it is fresh.</param>
    /// <param name="isNew">True if there is no row yet: another one keeps its count.</param>
    public ReadOnlyMemory<byte> RowOf(LookupKey key, ReadOnlyMemory<byte> answer, DateTimeOffset createdAt, DateTimeOffset expiresAt, bool isNew) => Write(json =>
    {
        json.WriteString(Destinations.LookupTarget.Key, key.Text);
        WriteColumns(json, key, answer);
        json.WriteString(Destinations.LookupTarget.CreatedAt, TextOf(createdAt));
        json.WriteString(Destinations.LookupTarget.ExpiresAt, TextOf(expiresAt));
        if (isNew) json.WriteNumber(Destinations.LookupTarget.HitCount, 0);
    });

    /// <summary>Values by name as a JSON object.</summary>
    public static ReadOnlyMemory<byte> ObjectOf(IReadOnlyDictionary<string, ScalarValue> values) => Write(json => WriteMembers(json, values));

    /// <summary>A point in time as rows have it: in UTC, and of one length, so that it sorts as text.</summary>
    public static string TextOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private void WriteColumns(Utf8JsonWriter json, LookupKey key, ReadOnlyMemory<byte> answer)
    {
        for (var i = 0; i < _columns.Count; i++)
        {
            var column = _columns[i];
            json.WritePropertyName(column.Name);
            if (columns.Count == 0) json.WriteRawValue(answer.Span, skipInputValidation: true);
            else if (column.FromRequest) WriteOfRequest(json, key, column);
            else if (answer.Span[0] == (byte)'{' && _paths[i].TryFind(answer.Span, out var slice)) json.WriteRawValue(answer.Span.Slice(slice.Offset, slice.Length), skipInputValidation: true);
            else json.WriteNullValue();
        }
    }

    private static void WriteOfRequest(Utf8JsonWriter json, LookupKey key, LookupColumn column)
    {
        if (column.Path is null && column.Type == ColumnType.Json)
        {
            json.WriteStartObject();
            WriteMembers(json, key.Values);
            json.WriteEndObject();
        }
        else if (key.Values.TryGetValue(column.Path?.ToString() ?? column.Name, out var value))
        {
            WriteScalar(json, value);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void WriteMembers(Utf8JsonWriter json, IReadOnlyDictionary<string, ScalarValue> values)
    {
        foreach (var (name, value) in values.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            json.WritePropertyName(name);
            WriteScalar(json, value);
        }
    }

    private static void WriteScalar(Utf8JsonWriter json, ScalarValue value)
    {
        if (value.Kind == ScalarKind.Text) json.WriteStringValue(value.Text);
        else json.WriteRawValue(value.Text, skipInputValidation: true);
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return bytes.WrittenMemory;
    }
}
