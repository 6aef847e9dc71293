using Tidemark.Server.Metrics;
using Tidemark.Server.Tests.Support;
using Tidemark.Telemetry.Recording;

namespace Tidemark.Server.Tests.Metrics;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Metrics_are_told_as_prometheus_reads_them() => PrometheusText.Of(
    [
        new MetricTotal { Name = "tidemark.request.duration", Kind = MetricKind.Histogram, Unit = "s", Description = "How long.", Labels = [new("status", "2xx")], Count = 4, Value = 12.5, Bounds = [0.1, 1], Buckets = [1, 2] },
        new MetricTotal { Name = "tidemark.records.read", Kind = MetricKind.Counter, Unit = "{record}", Description = "Back\\slash\nand line", Labels = [new("stream", "a\"b\\c\nd"), new("9-x", "é")], Value = 1e21 },
        new MetricTotal { Name = "depth", Kind = MetricKind.Gauge, Value = -0.5 },
        new MetricTotal { Name = "tidemark.records.read", Kind = MetricKind.Counter, Unit = "{record}", Labels = [new("stream", "t")], Value = 3 },
        new MetricTotal { Name = "queue.bytes", Kind = MetricKind.Gauge, Unit = "By", Value = double.PositiveInfinity },
    ]).ShouldBe("""
        # TYPE depth gauge
        depth -0.5
        # TYPE queue_bytes gauge
        queue_bytes +Inf
        # HELP tidemark_records_read_total Back\\slash\nand line
        # TYPE tidemark_records_read_total counter
        tidemark_records_read_total{stream="a\"b\\c\nd",_9_x="é"} 1E+21
        tidemark_records_read_total{stream="t"} 3
        # HELP tidemark_request_duration_seconds How long.
        # TYPE tidemark_request_duration_seconds histogram
        tidemark_request_duration_seconds_bucket{status="2xx",le="0.1"} 1
        tidemark_request_duration_seconds_bucket{status="2xx",le="1"} 3
        tidemark_request_duration_seconds_bucket{status="2xx",le="+Inf"} 4
        tidemark_request_duration_seconds_sum{status="2xx"} 12.5
        tidemark_request_duration_seconds_count{status="2xx"} 4

        """);

    [Fact]
    public async Task Server_tells_what_its_runs_and_its_web_server_measure()
    {
        await using var scene = await ServerScene.StartAsync();
        var run = await scene.SendAsync(HttpMethod.Post, "/v1/runs");
        while ((await scene.GetAsync(run.Header("Location")!)).Json.GetProperty("status").GetString() == "running") await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        var metrics = await scene.GetAsync("/metrics");
        metrics.Header("Content-Type").ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        metrics.Body.ShouldContain($"tidemark_records_read_total{{pipeline=\"{ServerScene.Pipeline}\",stream=\"people\",source=\"people_source\"}} ");
        metrics.Body.ShouldContain("\nhttp_server_request_duration_seconds_count{");
        metrics.Body.ShouldContain("\nprocess_resident_memory_bytes ");
        // Each line is a comment, or a name, labels and a number.
        metrics.Body.TrimEnd('\n').Split('\n').ShouldAllBe(l => System.Text.RegularExpressions.Regex.IsMatch(l, "^(# (HELP|TYPE) .+|[a-zA-Z_:][a-zA-Z0-9_:]*(\\{.*\\})? \\S+)$"));
    }
}
