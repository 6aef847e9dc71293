using System.Text;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Communes;

/// <summary>The first hundred communes behind each kind of lock.</summary>
internal sealed class SecureRoutes(RecordTable table, TokenStore tokens)
{
    private const string User = "demo";

    private const string Secret = "demo-secret";

    private const string Key = "demo-key";

    private const string Token = "demo-token";

    private static readonly string BasicCredentials = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Secret}"));

    public void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "/secure/bearer", "Bearer", static request => Same(request.Headers.Authorization, "Bearer " + Token));
        Map(routes, "/secure/basic", "Basic", static request => Same(request.Headers.Authorization, BasicCredentials));
        Map(routes, "/secure/header", "ApiKey", static request => Same(request.Headers["X-Api-Key"], Key));
        Map(routes, "/secure/query", "ApiKey", static request => Same(request.Query["api_key"], Key));
        Map(routes, "/secure/oauth2", "Bearer", request =>
            request.Headers.Authorization.ToString() is var header
            && header.StartsWith("Bearer ", StringComparison.Ordinal)
            && tokens.IsGood(header["Bearer ".Length..]));
        routes.MapPost("/oauth/token", IssueAsync);
        routes.MapPost("/_sim/expire-tokens", context =>
        {
            tokens.ExpireAll();
            return Answers.JsonAsync(context, new { expired = true });
        });
    }

    private void Map(IEndpointRouteBuilder routes, string path, string scheme, Func<HttpRequest, bool> admits) =>
        routes.MapGet(path, context =>
        {
            if (admits(context.Request))
                return RecordsAnswer.ArrayAsync(context, table.View(CommuneQuery.ByCode).Page(0, 100));
            context.Response.Headers.WWWAuthenticate = scheme + " realm=\"communes\"";
            return Answers.ErrorAsync(context, StatusCodes.Status401Unauthorized, "These credentials open nothing here.");
        });

    private async Task IssueAsync(HttpContext context)
    {
        var request = context.Request;
        var form = request.HasFormContentType ? await request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        if (!Same(form["grant_type"], "client_credentials"))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await Answers.JsonAsync(context, new { error = "unsupported_grant_type" });
        }
        else if (Same(request.Headers.Authorization, BasicCredentials) || (Same(form["client_id"], User) && Same(form["client_secret"], Secret)))
        {
            context.Response.Headers.CacheControl = "no-store";
            await Answers.JsonAsync(context, new { access_token = tokens.Issue(), token_type = "Bearer", expires_in = TokenStore.SecondsToLive });
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await Answers.JsonAsync(context, new { error = "invalid_client" });
        }
    }

    private static bool Same(string? given, string expected) => string.Equals(given, expected, StringComparison.Ordinal);
}
