using System.Text.Json.Nodes;
using Tidemark.Server.Pushing;

namespace Tidemark.Server.OpenApi;

/// <summary>The description of the routes that take records.</summary>
internal static class PushPaths
{
    public static JsonObject Of(PushLine line) => new()
    {
        ["post"] = new JsonObject
        {
            ["operationId"] = $"push_{line.Name}",
            ["tags"] = new JsonArray("push"),
            ["summary"] = $"Post records to {string.Join(", ", line.Target.Routes.Select(r => r.Target.Table))}.",
            ["parameters"] = new JsonArray(new JsonObject { ["$ref"] = "#/components/parameters/idempotency_key" }, new JsonObject { ["$ref"] = "#/components/parameters/prefer" }),
            ["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject
                {
                    ["application/json"] = new JsonObject { ["schema"] = BodyOf(line) },
                    ["application/x-ndjson"] = new JsonObject { ["schema"] = new JsonObject { ["description"] = "A record a line.", ["type"] = "string" } },
                },
            },
            ["responses"] = new JsonObject
            {
                ["200"] = new JsonObject
                {
                    ["description"] = "What became of the records: those that were not accepted are listed, the others are on disk.",
                    ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = AnswerOf(line) } },
                },
                ["202"] = new JsonObject { ["$ref"] = "#/components/responses/Accepted" },
                ["default"] = new JsonObject { ["$ref"] = "#/components/responses/Problem" },
            },
        },
    };

    private static JsonObject BodyOf(PushLine line)
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "object" } };
        if (line.Records.Count == 0)
        {
            return new JsonObject
            {
                ["oneOf"] = new JsonArray(
                    list,
                    new JsonObject { ["type"] = "object", ["required"] = new JsonArray("records"), ["properties"] = new JsonObject { ["records"] = list.DeepClone() } },
                    new JsonObject { ["description"] = "One record.", ["type"] = "object" }),
            };
        }
        var properties = new JsonObject();
        foreach (var name in line.Needed) properties[name] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") };
        JsonObject inner = list;
        foreach (var name in line.Records.Skip(1).Reverse()) inner = new JsonObject { ["type"] = "object", ["required"] = new JsonArray(name), ["properties"] = new JsonObject { [name] = inner } };
        properties[line.Records[0]] = inner;
        return new JsonObject { ["type"] = "object", ["required"] = new JsonArray([.. properties.Select(p => (JsonNode)p.Key!)]), ["properties"] = properties };
    }

    private static JsonObject AnswerOf(PushLine line)
    {
        if (line.Answer.Count == 0) return new JsonObject { ["$ref"] = "#/components/schemas/PushAnswer" };
        var properties = new JsonObject();
        foreach (var (name, value) in line.Answer)
        {
            properties[name] = new JsonObject
            {
                ["type"] = value.Text is not null || value.Names is ["status"] or ["batch_id"] ? "string" : value.Names is ["items"] or ["messages"] ? "array" : "integer",
            };
        }
        return new JsonObject { ["type"] = "object", ["properties"] = properties };
    }
}
