using System.Text.Json.Nodes;

namespace Tidemark.Configuration.Shapes;

/// <summary>What every schema goes through before it is written.</summary>
internal static class SchemaText
{
    /// <summary>A copy with its properties in the order of their names.</summary>
    /// <param name="schema">A schema or a part of one.</param>
    public static JsonNode? Sorted(JsonNode? schema) => schema switch
    {
        JsonObject mapping => new JsonObject(mapping.Select(p => KeyValuePair.Create(p.Key, p is { Key: "properties", Value: JsonObject properties }
            ? new JsonObject(properties.OrderBy(q => q.Key, StringComparer.Ordinal).Select(q => KeyValuePair.Create(q.Key, Sorted(q.Value))))
            : Sorted(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => schema?.DeepClone(),
    };

    /// <summary>A copy in which a text with <c>${…}</c> may stand for a number, a boolean or one of several names.</summary>
    /// <param name="schema">A schema or a part of one.</param>
    public static JsonNode? AllowVariables(JsonNode? schema)
    {
        if (schema is JsonArray list) return new JsonArray([.. list.Select(AllowVariables)]);
        if (schema is not JsonObject mapping) return schema?.DeepClone();
        var copy = new JsonObject(mapping.Select(p => KeyValuePair.Create(p.Key, AllowVariables(p.Value))));
        if (!NeedsVariable(mapping)) return copy;
        var description = copy["description"]?.DeepClone();
        copy.Remove("description");
        var either = new JsonObject { ["anyOf"] = new JsonArray(copy, new JsonObject { ["type"] = "string", ["pattern"] = @"\$\{" }) };
        if (description is not null) either["description"] = description;
        return either;
    }

    private static bool NeedsVariable(JsonObject schema)
    {
        if (schema["enum"] is JsonArray) return true;
        string[] types = schema["type"] switch
        {
            JsonValue one when one.TryGetValue<string>(out var name) => [name],
            JsonArray many => [.. many.Select(t => t!.GetValue<string>())],
            _ => [],
        };
        return types.Length > 0 && types.All(t => t is "integer" or "number" or "boolean");
    }
}
