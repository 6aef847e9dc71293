using System.Text.Json.Nodes;
using Tidemark.Lookups;
using Tidemark.Lookups.Keys;
using Tidemark.Records;

namespace Tidemark.Server.OpenApi;

/// <summary>The description of the routes of lookups.</summary>
internal static class LookupPaths
{
    public static JsonObject Of(LookupDefinition lookup)
    {
        var one = ObjectOf(lookup);
        return new JsonObject
        {
            ["get"] = new JsonObject
            {
                ["operationId"] = $"lookup_{lookup.Name}",
                ["tags"] = new JsonArray("lookup"),
                ["summary"] = $"Look up {lookup.Name}.",
                ["parameters"] = new JsonArray([.. lookup.Params.Select(p => new JsonObject { ["name"] = p.Name, ["in"] = "query", ["required"] = IsRequired(lookup, p), ["schema"] = SchemaOf(p) })]),
                ["responses"] = Responses(AnswerOf(lookup)),
            },
            ["post"] = new JsonObject
            {
                ["operationId"] = $"lookup_{lookup.Name}_post",
                ["tags"] = new JsonArray("lookup"),
                ["summary"] = $"Look up {lookup.Name}: one, or several at once.",
                ["requestBody"] = new JsonObject
                {
                    ["required"] = true,
                    ["content"] = new JsonObject
                    {
                        ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["oneOf"] = new JsonArray(one, new JsonObject { ["type"] = "array", ["maxItems"] = 10_000, ["items"] = one.DeepClone() }) } },
                    },
                },
                ["responses"] = Responses(new JsonObject { ["oneOf"] = new JsonArray(AnswerOf(lookup), new JsonObject { ["type"] = "array", ["items"] = AnswerOf(lookup) }) }),
            },
        };
    }

    private static bool IsRequired(LookupDefinition lookup, LookupParam param) => param.Required ?? (param.Default is null && lookup.Key.Names.Contains(param.Name, StringComparer.Ordinal));

    private static JsonObject ObjectOf(LookupDefinition lookup)
    {
        var properties = new JsonObject();
        foreach (var param in lookup.Params) properties[param.Name] = SchemaOf(param);
        return new JsonObject
        {
            ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false,
            ["required"] = new JsonArray([.. lookup.Params.Where(p => IsRequired(lookup, p)).Select(p => (JsonNode)p.Name)]),
        };
    }

    private static JsonObject SchemaOf(LookupParam param)
    {
        var schema = new JsonObject { ["type"] = param.Type switch { LookupParamType.Int => "integer", LookupParamType.Number => "number", LookupParamType.Bool => "boolean", _ => "string" } };
        if (param.Pattern is { } pattern) schema["pattern"] = $"^(?:{pattern})$";
        if (param.Min is { } min) schema["minimum"] = min;
        if (param.Max is { } max) schema["maximum"] = max;
        if (param.Default is { } value) schema["default"] = value.Kind == ScalarKind.Text ? JsonValue.Create(value.Text) : JsonNode.Parse(value.Text);
        return schema;
    }

    private static JsonObject Responses(JsonObject answer) => new()
    {
        ["200"] = new JsonObject
        {
            ["description"] = "The answer, with how old it is and how often it was served.",
            ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = answer } },
        },
        ["default"] = new JsonObject { ["$ref"] = "#/components/responses/Problem" },
    };

    private static JsonObject AnswerOf(LookupDefinition lookup)
    {
        JsonNode value = new JsonObject();
        if (lookup.Columns.Count > 0)
        {
            var columns = new JsonObject();
            foreach (var column in lookup.Columns) columns[column.Name] = TypeOf(column.Type);
            value = new JsonObject { ["type"] = new JsonArray("object", "null"), ["properties"] = columns };
        }
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["value"] = value,
                ["cached"] = new JsonObject { ["type"] = "boolean" },
                ["stale"] = new JsonObject { ["type"] = "boolean" },
                ["hit_count"] = new JsonObject { ["type"] = "integer" },
                ["created_at"] = new JsonObject { ["type"] = "string", ["format"] = "date-time" },
                ["expires_at"] = new JsonObject { ["type"] = "string", ["format"] = "date-time" },
                ["cost"] = new JsonObject { ["type"] = "number" },
            },
        };
    }

    private static JsonObject TypeOf(ColumnType type) => type switch
    {
        ColumnType.Boolean => new JsonObject { ["type"] = new JsonArray("boolean", "null") },
        ColumnType.Bigint => new JsonObject { ["type"] = new JsonArray("integer", "null") },
        ColumnType.Decimal or ColumnType.Double => new JsonObject { ["type"] = new JsonArray("number", "null") },
        ColumnType.Json => [],
        _ => new JsonObject { ["type"] = new JsonArray("string", "null") },
    };
}
