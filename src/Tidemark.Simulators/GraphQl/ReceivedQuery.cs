using System.Text.Json;
using Tidemark.Simulators.Hosting;

namespace Tidemark.Simulators.GraphQl;

/// <summary>A GraphQL call, read; when it cannot be read, <see cref="Error"/> says why.</summary>
internal sealed class ReceivedQuery : IReceivedQuery
{
    private ReceivedQuery(string error) => Error = error;

    private ReceivedQuery(GraphQlOperation operation, IReadOnlyDictionary<string, object?> variables)
    {
        Operation = operation;
        Variables = variables;
        RootFields = [.. operation.Selections.Select(static field => field.Name)];
    }

    public string? Error { get; }

    public GraphQlOperation Operation { get; } = new("query", null, [], []);

    public IReadOnlyDictionary<string, object?> Variables { get; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    public IReadOnlyList<string> RootFields { get; } = [];

    public static async ValueTask<ReceivedQuery> ReadAsync(HttpRequest request)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return Read(body.RootElement);
        }
        catch (JsonException exception)
        {
            return new ReceivedQuery("The body is not JSON: " + exception.Message);
        }
        catch (GraphQlException exception)
        {
            return new ReceivedQuery(exception.Message);
        }
    }

    private static ReceivedQuery Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || Text(body, "query") is not { } query)
            return new ReceivedQuery("No query string was present");

        var operations = QueryParser.Parse(query);
        var name = Text(body, "operationName");
        var chosen = name is null ? operations : [.. operations.Where(one => string.Equals(one.Name, name, StringComparison.Ordinal))];
        return chosen.Count == 1
            ? new ReceivedQuery(chosen[0], ReadVariables(chosen[0], body))
            : new ReceivedQuery(name is null ? "An operation name is required" : $"No operation named \"{name}\"");
    }

    private static Dictionary<string, object?> ReadVariables(GraphQlOperation operation, JsonElement body)
    {
        var given = body.TryGetProperty("variables", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        var none = new Dictionary<string, object?>(StringComparer.Ordinal);
        var variables = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var definition in operation.Variables)
        {
            var value = given.ValueKind == JsonValueKind.Object && given.TryGetProperty(definition.Name, out var json)
                ? Plain(json)
                : definition.Default?.Resolve(none);
            if (value is null && definition.Type.EndsWith('!'))
                throw new GraphQlException($"Variable ${definition.Name} of type {definition.Type} was provided invalid value");
            variables[definition.Name] = value;
        }

        return variables;
    }

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static object? Plain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? whole : (object)json.GetDouble(),
        JsonValueKind.Array => json.EnumerateArray().Select(Plain).ToList(),
        JsonValueKind.Object => json.EnumerateObject().ToDictionary(static one => one.Name, static one => Plain(one.Value), StringComparer.Ordinal),
        _ => null,
    };
}
