using System.Text.Json;
using System.Text.Json.Nodes;
using Tidemark.Server.Access;
using Tidemark.Server.Answers;
using Tidemark.Server.Hosting;
using Tidemark.Server.Pushing;

namespace Tidemark.Server.OpenApi;

/// <summary>The description of all routes as OpenAPI 3.1: those that every server has lie in openapi.json, those of the configuration are added.</summary>
internal static class OpenApiRoutes
{
    public static void Map(IEndpointRouteBuilder app, ServerState state, PushLines lines)
    {
        var document = new Lazy<ReadOnlyMemory<byte>>(() => Of(state, lines));
        app.MapGet("/openapi/v1.json", (RequestDelegate)(context => JsonAnswer.SendAsync(context, StatusCodes.Status200OK, "application/json", document.Value))).WithMetadata(new RouteAccess(AccessLevel.AnyKey));
    }

    private static ReadOnlyMemory<byte> Of(ServerState state, PushLines lines)
    {
        using var stream = typeof(OpenApiRoutes).Assembly.GetManifestResourceStream("openapi.json")!;
        var document = JsonNode.Parse(stream)!;
        var info = document["info"]!;
        info["title"] = state.Setup.Pipeline.Name;
        info["version"] = typeof(OpenApiRoutes).Assembly.GetName().Version!.ToString(3);
        foreach (var line in lines.All) document["paths"]![line.Path] = PushPaths.Of(line);
        foreach (var lookup in state.Setup.Pipeline.Lookups.Where(l => l.Path is not null)) document["paths"]![lookup.Path!] = LookupPaths.Of(lookup);
        return JsonSerializer.SerializeToUtf8Bytes(document);
    }
}
