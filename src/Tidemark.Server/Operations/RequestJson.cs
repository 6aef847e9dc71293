using System.Text.Json;
using Tidemark.Definitions;
using Tidemark.Server.Answers;

namespace Tidemark.Server.Operations;

/// <summary>The small JSON objects that operations take.</summary>
internal static class RequestJson
{
    private const int MostBytes = 64 << 10;

    /// <summary>Reads the body: an object, or nothing, which is an empty one. A member that is not known is refused.</summary>
    /// <exception cref="ProblemException">It is something else.</exception>
    public static async Task<JsonElement> ReadAsync(HttpContext context, params string[] known)
    {
        var bytes = await BytesAsync(context);
        if (bytes.IsEmpty) return JsonDocument.Parse("{}").RootElement;
        if (!context.Request.HasJsonContentType())
            throw new ProblemException(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", $"found Content-Type '{context.Request.ContentType}', expected application/json");
        JsonElement root;
        try
        {
            root = JsonDocument.Parse(bytes).RootElement;
        }
        catch (JsonException e)
        {
            throw new ProblemException(StatusCodes.Status400BadRequest, "not_json", $"the body is not JSON: {e.Message}", e);
        }
        if (root.ValueKind != JsonValueKind.Object) throw Bad($"found {Word(root.ValueKind)}, expected an object with {string.Join(", ", known)}");
        foreach (var member in root.EnumerateObject())
        {
            if (!known.Contains(member.Name, StringComparer.Ordinal)) throw Bad($"unknown member '{member.Name}'{NearestName.Hint(member.Name, known)}");
        }
        return root;
    }

    /// <summary>A list of texts, or one text; empty where it is not there.</summary>
    public static IReadOnlyList<string> Texts(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return [];
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.String)) throw Bad($"found {Word(value.ValueKind)} in '{name}', expected a list of texts");
        return [.. value.EnumerateArray().Select(v => v.GetString()!)];
    }

    /// <summary>A boolean; false where it is not there.</summary>
    public static bool Flag(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or JsonValueKind.Null => false,
        _ => throw Bad($"found {Word(value.ValueKind)} in '{name}', expected true or false"),
    };

    /// <summary>A whole number, at least 1; null where it is not there.</summary>
    public static long? Number(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number > 0 ? number : throw Bad($"found {Word(value.ValueKind)} in '{name}', expected a whole number, at least 1");
    }

    /// <summary>A text; null where it is not there.</summary>
    public static string? Text(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Bad($"found {Word(value.ValueKind)} in '{name}', expected a text");
    }

    public static ProblemException Bad(string detail) => new(StatusCodes.Status400BadRequest, "bad_request", detail);

    private static async Task<ReadOnlyMemory<byte>> BytesAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        var buffer = new byte[4096];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var read)
        {
            if (body.Length + read > MostBytes) throw new ProblemException(StatusCodes.Status413PayloadTooLarge, "body_too_large", $"the body is larger than {MostBytes >> 10} KiB");
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private static string Word(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };
}
