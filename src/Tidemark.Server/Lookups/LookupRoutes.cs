using Tidemark.Lookups;
using Tidemark.Lookups.Asking;
using Tidemark.Server.Access;
using Tidemark.Server.Hosting;

namespace Tidemark.Server.Lookups;

/// <summary>The routes of lookups.</summary>
internal static class LookupRoutes
{
    public static void Map(IEndpointRouteBuilder app, ServerState state)
    {
        foreach (var lookup in state.Lookups.All.Where(l => l.Definition.Path is not null))
        {
            var caller = new LookupCaller(state, lookup);
            var path = lookup.Definition.Path!;
            app.MapGet(path, (RequestDelegate)caller.GetAsync).WithMetadata(new RouteAccess(AccessLevel.Route, path));
            app.MapPost(path, (RequestDelegate)caller.PostAsync).WithMetadata(new RouteAccess(AccessLevel.Route, path));
        }
        app.MapGet("/v1/lookups", (RequestDelegate)(context => FiguresAsync(context, state.Lookups.All)));
    }

    private static async Task FiguresAsync(HttpContext context, IReadOnlyList<Lookup> lookups)
    {
        Operations.PagedAnswer.Know(context.Request);
        var figures = new List<LookupFigures>();
        foreach (var lookup in lookups)
        {
            // What was counted here belongs to it.
            await lookup.FlushAsync();
            figures.Add(await lookup.SummarizeAsync(context.RequestAborted));
        }
        await Answers.JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json => Reports.LookupJson.Write(json, figures));
    }
}
