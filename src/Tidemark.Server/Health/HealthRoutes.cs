using Tidemark.Server.Access;
using Tidemark.Server.Answers;
using Tidemark.Server.Hosting;

namespace Tidemark.Server.Health;

/// <summary>What probes ask: is the process alive, can it do its work. Open to everybody, so they tell names of parts and no reasons; the log has these.</summary>
internal static class HealthRoutes
{
    private static readonly RouteAccess Open = new(AccessLevel.Open);
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder app, ServerState state)
    {
        var readiness = new Readiness(state);
        app.MapMethods("/health/live", Methods, (RequestDelegate)(context => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", "live");
            json.WriteEndObject();
        }))).WithMetadata(Open);
        app.MapMethods("/health/ready", Methods, (RequestDelegate)(async context =>
        {
            var parts = await readiness.LookAsync(context.RequestAborted);
            var isReady = parts.All(p => p.IsReady);
            context.Response.Headers.CacheControl = "no-store";
            await JsonAnswer.WriteAsync(context, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, json =>
            {
                json.WriteStartObject();
                json.WriteString("status", isReady ? "ready" : "not_ready");
                json.WriteStartObject("parts");
                foreach (var part in parts) json.WriteBoolean(part.Name, part.IsReady);
                json.WriteEndObject();
                json.WriteEndObject();
            });
        })).WithMetadata(Open);
    }
}
