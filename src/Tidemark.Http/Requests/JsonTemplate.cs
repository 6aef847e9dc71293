using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Sources;

namespace Tidemark.Http;

/// <summary>JSON with templates in its texts. A member or item whose template needs what is not there is left out.</summary>
public sealed class JsonTemplate
{
    private readonly Part _root;

    private JsonTemplate(Part root) => _root = root;

    /// <summary>Reads JSON as it stands in a configuration: plain numbers, true, false and null keep their type.</summary>
    internal static Format<JsonTemplate> Format { get; } = new JsonFormat();

    /// <summary>True if it is an object.</summary>
    internal bool IsObject => _root is ObjectPart;

    /// <summary>Every template in it.</summary>
    internal IEnumerable<Template> Templates => TemplatesOf(_root);

    /// <summary>The whole number above 0 that a member of an object is; null: there is none.</summary>
    /// <param name="name">The member.</param>
    internal int? NumberOf(string name) =>
        _root is ObjectPart members && members.Members.FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.Ordinal)).Value is RawPart raw
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

    /// <summary>Writes the members of an object into one that is open.</summary>
    /// <param name="writer">Takes them.</param>
    /// <param name="values">What the names in templates stand for.</param>
    /// <param name="except">Names that are written by somebody else.</param>
    internal void WriteMembersTo(Utf8JsonWriter writer, TemplateValues values, IReadOnlyCollection<string> except)
    {
        foreach (var (name, node) in ((ObjectPart)_root).Members)
        {
            if (!except.Contains(name, StringComparer.Ordinal)) Write(writer, name, node, values);
        }
    }

    // The name is written only when it is known that there is a value.
    private static bool Write(Utf8JsonWriter writer, string? name, Part node, TemplateValues values)
    {
        var text = node is TextPart template ? template.Text.Fill(values) : null;
        if (node is TextPart && text is null) return false;
        if (name is not null) writer.WritePropertyName(name);
        switch (node)
        {
            case TextPart:
                writer.WriteStringValue(text);
                break;
            case RawPart raw:
                writer.WriteRawValue(raw.Json);
                break;
            case ListPart list:
                writer.WriteStartArray();
                foreach (var item in list.Items) WriteItem(writer, item, values);
                writer.WriteEndArray();
                break;
            case ObjectPart members:
                writer.WriteStartObject();
                foreach (var (key, value) in members.Members) Write(writer, key, value, values);
                writer.WriteEndObject();
                break;
        }
        return true;
    }

    // What is asked about several records has an item for each of them.
    private static void WriteItem(Utf8JsonWriter writer, Part item, TemplateValues values)
    {
        if (values.Records.Count < 2 || !TemplatesOf(item).Any(t => t.RecordFields.Any()))
        {
            Write(writer, null, item, values);
            return;
        }
        foreach (var record in values.Records) Write(writer, null, item, values with { Records = [record] });
    }

    private static IEnumerable<Template> TemplatesOf(Part node) => node switch
    {
        TextPart text => [text.Text],
        ListPart list => list.Items.SelectMany(TemplatesOf),
        ObjectPart members => members.Members.SelectMany(m => TemplatesOf(m.Value)),
        _ => [],
    };

    private static Part OfJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => new ObjectPart([.. json.EnumerateObject().Select(m => (m.Name, OfJson(m.Value)))]),
        JsonValueKind.Array => new ListPart([.. json.EnumerateArray().Select(OfJson)]),
        JsonValueKind.String => new TextPart(Template.Parse(json.GetString()!)),
        _ => new RawPart(json.GetRawText()),
    };

    private static Part? OfConfig(ConfigNode node, ConfigProblems problems)
    {
        switch (node)
        {
            case MappingNode mapping:
                return new ObjectPart([.. mapping.Entries.Select(e => (e.Key.Text, OfConfig(e.Value, problems)!))]);
            case SequenceNode sequence:
                return new ListPart([.. sequence.Items.Select(i => OfConfig(i, problems)!)]);
            case ScalarNode { IsNull: true }:
                return new RawPart("null");
            case ScalarNode { Plain: true } plain when IsJsonNumberOrBoolean(plain.Text):
                return new RawPart(plain.Text);
            case ScalarNode scalar:
                try
                {
                    return new TextPart(Template.Parse(scalar.Text));
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

    private abstract record Part;

    private sealed record ObjectPart(IReadOnlyList<(string Name, Part Value)> Members) : Part;

    private sealed record ListPart(IReadOnlyList<Part> Items) : Part;

    private sealed record TextPart(Template Text) : Part;

    private sealed record RawPart(string Json) : Part;

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
