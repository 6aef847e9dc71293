using System.Text.Json;
using Tidemark.Access;

namespace Tidemark.Cli.Commands.Keys;

/// <summary>A key, for programs and for people; its text only where it was just made.</summary>
internal static class KeyJson
{
    public static void Write(Utf8JsonWriter json, ApiKey key, string? token = null)
    {
        json.WriteStartObject();
        json.WriteString("name", key.Name);
        if (token is not null) json.WriteString("key", token);
        json.WriteStartArray("routes");
        foreach (var route in key.Routes) json.WriteStringValue(route);
        json.WriteEndArray();
        json.WriteBoolean("admin", key.IsAdmin);
        json.WriteString("created_at", key.CreatedAt);
        if (token is null)
        {
            if (key.RevokedAt is { } at) json.WriteString("revoked_at", at);
            else json.WriteNull("revoked_at");
        }
        json.WriteEndObject();
    }

    public static string Opens(ApiKey key) => key.IsAdmin ? "everything" : string.Join(", ", key.Routes);
}
