using Tidemark.Server.Answers;

namespace Tidemark.Server.Access;

/// <summary>Lets a request through to its route, or not.</summary>
/// <param name="keys">The pipeline's keys.</param>
/// <param name="mayBeOpen">True if the server is reached from this machine only: then it does without keys as long as there was never one.</param>
internal sealed class AccessGate(ApiKeyRing keys, bool mayBeOpen)
{
    private static readonly RouteAccess NotFound = new(AccessLevel.AnyKey);
    private static readonly RouteAccess Undeclared = new(AccessLevel.Admin);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var access = context.GetEndpoint() is { } endpoint ? endpoint.Metadata.GetMetadata<RouteAccess>() ?? (endpoint is RouteEndpoint ? Undeclared : NotFound) : NotFound;
        if (access.Level != AccessLevel.Open) await CheckAsync(context, access);
        await next(context);
    }

    private async Task CheckAsync(HttpContext context, RouteAccess access)
    {
        var known = await keys.GetAsync(context.RequestAborted);
        if (known.Count == 0 && mayBeOpen)
        {
            if (LocalRules.Refusal(context) is { } reason)
                throw new ProblemException(StatusCodes.Status403Forbidden, "local_only", $"{reason}; without an API key only programs of this machine may call: make a key with tidemark key add");
            return;
        }
        if (PresentedKey.Of(context.Request) is not { Length: > 0 } token)
            throw Unauthorized("Bearer", "no_key", "no API key: send it as Authorization: Bearer KEY, or as X-API-Key: KEY");
        var key = PresentedKey.Find(token, known) ?? throw Unauthorized("Bearer error=\"invalid_token\"", "wrong_key", "the API key is unknown or was revoked");
        context.Features.Set(key);
        if (access.Level == AccessLevel.Admin && !key.IsAdmin)
            throw new ProblemException(StatusCodes.Status403Forbidden, "not_admin", $"the API key '{key.Name}' is none for operations: make one with tidemark key add NAME --admin");
        if (access.Level == AccessLevel.Route && !key.Opens(access.Path))
            throw new ProblemException(StatusCodes.Status403Forbidden, "other_route", $"the API key '{key.Name}' does not open {access.Path}: make one with tidemark key add NAME --route {access.Path}");
    }

    private static ProblemException Unauthorized(string challenge, string code, string detail) =>
        new(new Problem(StatusCodes.Status401Unauthorized, code, detail) { Headers = [("WWW-Authenticate", challenge)] });
}
