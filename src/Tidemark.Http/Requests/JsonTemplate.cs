using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Records;
using Tidemark.Sources;

namespace Tidemark.Http;

/// <summary>JSON with templates in its texts. A member or item whose template needs what is not there is left out.</summary>
public sealed class JsonTemplate
{
    private readonly Piece _root;

    private JsonTemplate(Piece root) => _root = root;

    /// <summary>Reads JSON as it stands in a configuration: plain numbers, true, false and null keep their type.</summary>
    internal static Format<JsonTemplate> Format { get; } = new JsonFormat();

    /// <summary>True if it is an object.</summary>
    internal bool IsObject => _root is ObjectPiece;

    /// <summary>Every template in it.</summary>
    internal IEnumerable<Template> Templates => TemplatesOf(_root);

    /// <summary>The whole number above 0 that a member of an object is; null: there is none.</summary>
    /// <param name="name">The member.</param>
    internal int? NumberOf(string name) =>
        _root is ObjectPiece members && members.Members.FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.Ordinal)).Value is RawPiece raw
        && int.TryParse(raw.Json, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    /// <summary>Reads JSON.</summary>
    /// <param name="json">The JSON; its texts may be templates.</param>
    /// <exception cref="FormatException">It is not JSON, or a template in it is wrong.</exception>
    public static JsonTemplate Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new JsonTemplate(OfJson(document.RootElement));
        }
        catch (JsonException e)
        {
            throw new FormatException($"found a text that is not JSON: {e.Message}", e);
        }
    }

    /// <summary>Reads JSON.</summary>
    /// <param name="json">The JSON.</param>
    public static implicit operator JsonTemplate(string json) => Parse(json);

    /// <summary>Writes the value with its templates filled.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="values">What the names in templates stand for.</param>
    internal void WriteTo(Utf8JsonWriter writer, TemplateValues values)
    {
        if (!Write(writer, null, _root, values)) writer.WriteNullValue();
    }

    /// <summary>The value with its templates filled, without white space.</summary>
    /// <param name="values">What the names in templates stand for.</param>
    internal ReadOnlyMemory<byte> Fill(TemplateValues values)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes)) WriteTo(writer, values);
        return bytes.WrittenMemory;
    }

    /// <summary>Writes the members of an object into one that is open.</summary>
    /// <param name="writer">Takes them.</param>
    /// <param name="values">What the names in templates stand for.</param>
    /// <param name="except">Names that are written by somebody else.</param>
    internal void WriteMembersTo(Utf8JsonWriter writer, TemplateValues values, IReadOnlyCollection<string> except)
    {
        foreach (var (name, node) in ((ObjectPiece)_root).Members)
        {
            if (!except.Contains(name, StringComparer.Ordinal)) Write(writer, name, node, values);
        }
    }

    // The name is written only when it is known that there is a value.
    private static bool Write(Utf8JsonWriter writer, string? name, Piece node, TemplateValues values)
    {
        var text = node is TextPiece template ? template.Text.Fill(values) : null;
        if (node is TextPiece && text is null) return false;
        if (name is not null) writer.WritePropertyName(name);
        switch (node)
        {
            // A caller's number stays a number where nothing stands around it.
            case TextPiece asked when asked.Text.RequestValue(values) is { Kind: not ScalarKind.Text } value:
                writer.WriteRawValue(value.Text);
                break;
            case TextPiece:
                writer.WriteStringValue(text);
                break;
            case RawPiece raw:
                writer.WriteRawValue(raw.Json);
                break;
            case ListPiece list:
                writer.WriteStartArray();
                foreach (var item in list.Items) WriteItem(writer, item, values);
                writer.WriteEndArray();
                break;
            case ObjectPiece members:
                writer.WriteStartObject();
                foreach (var (key, value) in members.Members) Write(writer, key, value, values);
                writer.WriteEndObject();
                break;
        }
        return true;
    }

    // What is asked about several records has an item for each of them.
    private static void WriteItem(Utf8JsonWriter writer, Piece item, TemplateValues values)
    {
        if (values.Records.Count < 2 || !TemplatesOf(item).Any(t => t.RecordFields.Any()))
        {
            Write(writer, null, item, values);
            return;
        }
        foreach (var record in values.Records) Write(writer, null, item, values with { Records = [record] });
    }

    private static IEnumerable<Template> TemplatesOf(Piece node) => node switch
    {
        TextPiece text => [text.Text],
        ListPiece list => list.Items.SelectMany(TemplatesOf),
        ObjectPiece members => members.Members.SelectMany(m => TemplatesOf(m.Value)),
        _ => [],
    };

    private static Piece OfJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => new ObjectPiece([.. json.EnumerateObject().Select(m => (m.Name, OfJson(m.Value)))]),
        JsonValueKind.Array => new ListPiece([.. json.EnumerateArray().Select(OfJson)]),
        JsonValueKind.String => new TextPiece(Template.Parse(json.GetString()!)),
        _ => new RawPiece(json.GetRawText()),
    };

    private static Piece? OfConfig(ConfigNode node, ConfigProblems problems)
    {
        switch (node)
        {
            case MappingNode mapping:
                return new ObjectPiece([.. mapping.Entries.Select(e => (e.Key.Text, OfConfig(e.Value, problems)!))]);
            case SequenceNode sequence:
                return new ListPiece([.. sequence.Items.Select(i => OfConfig(i, problems)!)]);
            case ScalarNode { IsNull: true }:
                return new RawPiece("null");
            case ScalarNode { Plain: true } plain when IsJsonNumberOrBoolean(plain.Text):
                return new RawPiece(plain.Text);
            case ScalarNode scalar:
                try
                {
                    return new TextPiece(Template.Parse(scalar.Text));
                }
                catch (FormatException e)
                {
                    problems.Add(scalar.Location, e.Message);
                    return null;
                }
            default:
                return null;
        }
    }

    // 01 is a text here as in JSON: codes keep their zeros.
    private static bool IsJsonNumberOrBoolean(string text)
    {
        if (text is "true" or "false") return true;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Number;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private abstract record Piece;

    private sealed record ObjectPiece(IReadOnlyList<(string Name, Piece Value)> Members) : Piece;

    private sealed record ListPiece(IReadOnlyList<Piece> Items) : Piece;

    private sealed record TextPiece(Template Text) : Piece;

    private sealed record RawPiece(string Json) : Piece;

    private sealed class JsonFormat : Format<JsonTemplate>
    {
        public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out JsonTemplate value)
        {
            var before = problems.Count;
            var root = OfConfig(node, problems);
            value = problems.Count == before && root is not null ? new JsonTemplate(root) : null;
            return value is not null;
        }

        public override JsonObject Schema() => [];
    }
}
