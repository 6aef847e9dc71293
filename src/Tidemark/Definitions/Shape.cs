using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Tidemark.Definitions;

/// <summary>
/// The keys of a definition, declared once: from this declaration a configuration is read (with every error in its place, and the nearest
/// known key for an unknown one) and the JSON schema for editors is generated.
/// </summary>
/// <typeparam name="T">The definition: a record whose properties hold their defaults.</typeparam>
/// <param name="description">One sentence for the schema.</param>
/// <param name="create">A definition with all defaults.</param>
public sealed class Shape<T>(string description, Func<T> create) : Format<T> where T : class
{
    private readonly List<Field> _fields = [];
    private readonly List<Func<T, (string? Key, string Message)?>> _rules = [];

    /// <summary>The known keys.</summary>
    public IReadOnlyList<string> Keys => [.. _fields.Select(f => f.Key)];

    /// <summary>A key that must be there.</summary>
    /// <typeparam name="TValue">Its value.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="format">How the value is read.</param>
    /// <param name="set">Puts the value into the definition.</param>
    /// <param name="about">One sentence for the schema, with unit and default.</param>
    public Shape<T> Required<TValue>(string key, Format<TValue> format, Func<T, TValue, T> set, string about) => Add(key, format, set, about, required: true);

    /// <summary>A key that may be there.</summary>
    /// <typeparam name="TValue">Its value.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="format">How the value is read.</param>
    /// <param name="set">Puts the value into the definition.</param>
    /// <param name="about">One sentence for the schema, with unit and default.</param>
    public Shape<T> Optional<TValue>(string key, Format<TValue> format, Func<T, TValue, T> set, string about) => Add(key, format, set, about, required: false);

    /// <summary>A key that is reserved for what a later version brings: refused, never ignored.</summary>
    /// <param name="key">The key.</param>
    public Shape<T> Later(string key)
    {
        _fields.Add(new Field(key, Required: false, static () => new JsonObject { ["not"] = new JsonObject() }, (definition, name, _, problems) =>
        {
            problems.Add(name.Location, $"'{name.Text}' is not available in this version; take it out");
            return definition;
        }));
        return this;
    }

    /// <summary>A rule over several keys, asked when each key alone is right: null, or the key that it concerns and what is wrong.</summary>
    /// <param name="rule">The rule.</param>
    public Shape<T> Rule(Func<T, (string? Key, string Message)?> rule)
    {
        _rules.Add(rule);
        return this;
    }

    /// <inheritdoc/>
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out T value) => TryRead(node, problems, [], out value);

    /// <summary>Reads a mapping that other shapes read too: their keys are passed over here.</summary>
    /// <param name="node">What was written.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="others">Keys that somebody else reads.</param>
    /// <param name="value">The definition, if the answer is true.</param>
    public bool TryRead(ConfigNode node, ConfigProblems problems, IReadOnlyList<string> others, [MaybeNullWhen(false)] out T value)
    {
        value = null;
        // An empty mapping is often written as nothing at all: `clients:`.
        if (node is ScalarNode { IsNull: true } nothing) node = new MappingNode([], nothing.Location);
        if (node is not MappingNode mapping)
        {
            problems.Add(node.Location, $"found {node.Kind}, expected a mapping with the keys {string.Join(", ", Keys)}");
            return false;
        }
        var before = problems.Count;
        var definition = create();
        foreach (var (key, content) in mapping.Entries)
        {
            if (_fields.Find(f => string.Equals(f.Key, key.Text, StringComparison.Ordinal)) is { } field)
                definition = field.Read(definition, key, content, problems);
            else if (!others.Contains(key.Text, StringComparer.Ordinal))
                problems.Add(key.Location, $"unknown key '{key.Text}'{NearestName.Hint(key.Text, [.. Keys, .. others])}");
        }
        foreach (var field in _fields.Where(f => f.Required && mapping[f.Key] is null))
            problems.Add(mapping.Location, $"the key '{field.Key}' is missing");
        if (problems.Count == before)
        {
            foreach (var rule in _rules)
            {
                if (rule(definition) is { } broken)
                    problems.Add(LocationOf(mapping, broken.Key), broken.Message);
            }
        }
        value = definition;
        return problems.Count == before;
    }

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var field in _fields) properties[field.Key] = field.Schema();
        var schema = new JsonObject { ["type"] = "object", ["description"] = description, ["properties"] = properties, ["additionalProperties"] = false };
        if (_fields.Exists(f => f.Required))
            schema["required"] = new JsonArray([.. _fields.Where(f => f.Required).Select(f => JsonValue.Create(f.Key))]);
        return schema;
    }

    private static Location LocationOf(MappingNode mapping, string? key) =>
        mapping.Entries.FirstOrDefault(e => string.Equals(e.Key.Text, key, StringComparison.Ordinal)).Key?.Location ?? mapping.Location;

    private Shape<T> Add<TValue>(string key, Format<TValue> format, Func<T, TValue, T> set, string about, bool required)
    {
        JsonObject SchemaOf()
        {
            var schema = format.Schema();
            schema["description"] = about;
            return schema;
        }
        _fields.Add(new Field(key, required, SchemaOf, (definition, _, content, problems) =>
            format.TryRead(content, problems, out var read) ? set(definition, read) : definition));
        return this;
    }

    private sealed record Field(string Key, bool Required, Func<JsonObject> Schema, Func<T, ScalarNode, ConfigNode, ConfigProblems, T> Read);
}
