using Tidemark.Definitions;
using Tidemark.Server.Access;
using Tidemark.Server.Answers;
using Tidemark.Server.Hosting;

namespace Tidemark.Server.Pushing;

/// <summary>The routes that take records.</summary>
internal static class PushRoutes
{
    public static void Map(IEndpointRouteBuilder app, ServerState state, PushLines lines)
    {
        foreach (var line in lines.All)
        {
            var receiver = new PostReceiver(state, line, lines.Admission);
            app.MapPost(line.Path, (RequestDelegate)receiver.InvokeAsync).WithMetadata(new RouteAccess(AccessLevel.Route, line.Path));
        }
        var pushed = lines.All.Where(l => l.Path.StartsWith("/v1/streams/", StringComparison.Ordinal)).Select(l => l.Name).ToList();
        app.MapPost("/v1/streams/{stream}/records", (RequestDelegate)(context => throw Unknown((string)context.GetRouteValue("stream")!, state, pushed))).WithMetadata(new RouteAccess(AccessLevel.AnyKey));
    }

    private static ProblemException Unknown(string stream, ServerState state, List<string> pushed) => new(StatusCodes.Status404NotFound, "unknown_stream",
        state.Setup.Pipeline.Streams.Any(s => string.Equals(s.Name, stream, StringComparison.Ordinal))
            ? $"the stream '{stream}' reads its source by itself: only streams whose source has type: push take records"
            : $"no stream that takes records is called '{stream}'{NearestName.Hint(stream, pushed)}");
}
