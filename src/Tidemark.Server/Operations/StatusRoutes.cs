using Tidemark.Reports;
using Tidemark.Runs;
using Tidemark.Server.Answers;
using Tidemark.Server.Hosting;

namespace Tidemark.Server.Operations;

/// <summary>How things stand.</summary>
internal static class StatusRoutes
{
    public static void Map(IEndpointRouteBuilder app, ServerState state)
    {
        var setup = state.Setup;
        app.MapGet("/v1/status", (RequestDelegate)(async context =>
        {
            PagedAnswer.Know(context.Request);
            var status = await StatusReader.ReadAsync(setup.Pipeline, name => state.Destinations[name], setup.Store, setup.Time, context.RequestAborted);
            status = status with { Inbox = setup.Inbox?.Depths ?? [] };
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json => StatusJson.Write(json, status, members =>
            {
                members.WriteString("started_at", state.StartedAt);
                members.WriteStartObject("configuration");
                members.WriteString("since", state.Configuration.Since);
                members.WriteString("problem", state.Configuration.Problem);
                members.WriteEndObject();
                members.WriteStartArray("running");
                foreach (var run in state.Runs.Running) members.WriteStringValue(run.Id);
                members.WriteEndArray();
            }));
        }));
        app.MapGet("/v1/quotas", (RequestDelegate)(async context =>
        {
            PagedAnswer.Know(context.Request);
            var quotas = await QuotaReport.ReadAsync(setup.Pipeline, setup.Store, setup.Time, context.RequestAborted);
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json => QuotaJson.Write(json, quotas));
        }));
    }
}
