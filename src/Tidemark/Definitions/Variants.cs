using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Tidemark.Definitions;

/// <summary>A definition that comes in several types, told apart by one key, each with keys of its own.</summary>
/// <typeparam name="T">What all types have in common.</typeparam>
/// <param name="what">What it is, for errors: <c>paginator</c>.</param>
/// <param name="key">The key that tells the types apart.</param>
public sealed class Variants<T>(string what, string key = "type") : Format<T> where T : class
{
    private readonly OrderedDictionary<string, Variant> _variants = new(StringComparer.Ordinal);
    private readonly HashSet<string> _later = new(StringComparer.Ordinal);

    /// <summary>The known types.</summary>
    public IReadOnlyCollection<string> Types => _variants.Keys;

    /// <summary>Adds a type.</summary>
    /// <typeparam name="TVariant">Its definition.</typeparam>
    /// <param name="type">The value of the key.</param>
    /// <param name="shape">Its keys, the one that tells the types apart excepted.</param>
    public Variants<T> Add<TVariant>(string type, Shape<TVariant> shape) where TVariant : class, T
    {
        _variants[type] = new Variant(
            (node, problems) => shape.TryRead(node, problems, [key], out var value) ? value : null,
            () =>
            {
                var schema = shape.Schema();
                ((JsonObject)schema["properties"]!).Insert(0, key, new JsonObject { ["const"] = type });
                return schema;
            });
        return this;
    }

    /// <summary>A type that a later version brings: refused, never ignored.</summary>
    /// <param name="type">The value of the key.</param>
    public Variants<T> Later(string type)
    {
        _later.Add(type);
        return this;
    }

    /// <inheritdoc/>
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out T value)
    {
        value = null;
        if (node is not MappingNode mapping)
        {
            problems.Add(node.Location, $"found {node.Kind}, expected a {what}, such as {{ {key}: {_variants.Keys.FirstOrDefault()} }}");
            return false;
        }
        if (mapping[key] is not ScalarNode type)
        {
            problems.Add(mapping.Location, $"the key '{key}' is missing; {key}s of {what}: {string.Join(", ", _variants.Keys)}");
            return false;
        }
        if (_variants.TryGetValue(type.Text, out var variant)) return (value = variant.Read(mapping, problems)) is not null;
        problems.Add(type.Location, _later.Contains(type.Text)
            ? $"{what} of {key} {type.Kind} is not available in this version"
            : $"found {key} {type.Kind}, expected a {what}: {string.Join(", ", _variants.Keys)}{(NearestName.Of(type.Text, _variants.Keys) is { } near ? $"; did you mean '{near}'?" : "")}");
        return false;
    }

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "object", ["required"] = new JsonArray(key) };
        schema["anyOf"] = new JsonArray([.. _variants.Values.Select(v => v.Schema())]);
        return schema;
    }

    private sealed record Variant(Func<MappingNode, ConfigProblems, T?> Read, Func<JsonObject> Schema);
}
