using Microsoft.Extensions.Logging;
using Tidemark.Destinations;

namespace Tidemark.Server.Answers;

/// <summary>The outermost part of a request: whatever goes wrong inside becomes a problem, and an answer without a body that tells of a failure gets one.</summary>
/// <param name="log">Is told what is our own defect.</param>
internal sealed partial class FailureBoundary(ILogger log)
{
    /// <summary>How soon a caller should come again when a database is away.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response is { StatusCode: >= 400, ContentLength: null }) await Empty(context).WriteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
        }
        catch (Exception e)
        {
            var problem = Of(context, e);
            // What was begun can't be taken back: the connection is cut, so that nobody takes it for a whole answer.
            if (context.Response.HasStarted) context.Abort();
            else await problem.WriteAsync(context);
        }
    }

    private Problem Of(HttpContext context, Exception e)
    {
        switch (e)
        {
            case ProblemException known:
                return known.Problem;
            case BadHttpRequestException bad:
                return new Problem(bad.StatusCode, "bad_request", Sentence(bad.Message));
            case DestinationException { Fault: DestinationFault.Temporary } away:
                return new Problem(StatusCodes.Status503ServiceUnavailable, "destination_unavailable", away.Message) { RetryAfter = Soon };
            case DestinationException failed:
                LogFailed(log, context.Request.Method, context.Request.Path, failed.Message);
                return new Problem(StatusCodes.Status500InternalServerError, "destination_failed", failed.Message);
            default:
                LogDefect(log, e, context.Request.Method, context.Request.Path, e.GetType().Name, e.Message);
                return new Problem(StatusCodes.Status500InternalServerError, "internal_error", $"unexpected {e.GetType().Name}; the server's log has more");
        }
    }

    // What routing answers by itself: no such path, or not with this method.
    private static Problem Empty(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new Problem(404, "unknown_route", $"nothing is served at {context.Request.Path}; see /openapi/v1.json"),
        StatusCodes.Status405MethodNotAllowed => new Problem(405, "method_not_allowed", $"found {context.Request.Method} {context.Request.Path}, expected {context.Response.Headers.Allow}")
        {
            Headers = [("Allow", context.Response.Headers.Allow.ToString())],
        },
        var status => new Problem(status, "failed", $"{context.Request.Method} {context.Request.Path} failed"),
    };

    private static string Sentence(string message) => message.TrimEnd('.');

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path}: {Reason}")]
    private static partial void LogFailed(ILogger log, string method, PathString path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path}: unexpected {Kind}: {Reason}")]
    private static partial void LogDefect(ILogger log, Exception e, string method, PathString path, string kind, string reason);
}
