using System.Text;
using Tidemark.Server.Answers;
using Tidemark.Server.Hosting;

namespace Tidemark.Server.Metrics;

/// <summary>What Prometheus scrapes.</summary>
internal static class MetricsRoutes
{
    public static void Map(IEndpointRouteBuilder app, ServerState state) => app.MapGet("/metrics", (RequestDelegate)(context =>
        JsonAnswer.SendAsync(context, StatusCodes.Status200OK, PrometheusText.ContentType, Encoding.UTF8.GetBytes(PrometheusText.Of(state.Meters.Totals().Concat(ProcessMetrics.Read()))))));
}
