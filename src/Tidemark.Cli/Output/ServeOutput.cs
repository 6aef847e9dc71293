using System.Text.Json;
using Tidemark.Server;

namespace Tidemark.Cli.Output;

/// <summary>What a server says when it has started, for people and for programs.</summary>
internal static class ServeOutput
{
    public static IEnumerable<string> Lines(TidemarkServer server)
    {
        foreach (var url in server.Urls) yield return $"listening on {Address(url)}";
        foreach (var (path, name) in server.PushedRoutes) yield return $"  POST {path}   {name}";
        foreach (var (path, name) in server.LookupRoutes) yield return $"  GET  {path}   {name} (POST, too)";
        yield return server.KeyCount switch
        {
            0 when server.NeedsNoKey => "no API key: programs of this machine may call (tidemark key add makes one)",
            0 => "all API keys are revoked: nobody may call (tidemark key add makes one)",
            1 => "1 API key",
            var count => $"{count} API keys",
        };
        foreach (var group in server.Schedules) yield return $"{string.Join(", ", group.Streams)}: {group.When}";
    }

    public static void Write(Utf8JsonWriter json, TidemarkServer server)
    {
        json.WriteStartObject();
        json.WriteStartArray("urls");
        foreach (var url in server.Urls) json.WriteStringValue(Address(url));
        json.WriteEndArray();
        json.WriteStartArray("routes");
        foreach (var (path, name) in server.PushedRoutes.Concat(server.LookupRoutes))
        {
            json.WriteStartObject();
            json.WriteString("path", path);
            json.WriteString("name", name);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("keys", server.KeyCount);
        json.WriteStartArray("schedules");
        foreach (var group in server.Schedules)
        {
            json.WriteStartObject();
            json.WriteStartArray("streams");
            foreach (var stream in group.Streams) json.WriteStringValue(stream);
            json.WriteEndArray();
            json.WriteString("when", group.When);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Address(Uri url) => url.ToString().TrimEnd('/');
}
