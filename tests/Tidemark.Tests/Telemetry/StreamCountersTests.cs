using Tidemark.Telemetry;
using Tidemark.Telemetry.Recording;
using Tidemark.Tests.Runs;

namespace Tidemark.Tests.Telemetry;

/// <summary>What runs count is what the meter measures.</summary>
public sealed class StreamCountersTests : IDisposable
{
    private readonly MeterReader _meter = new(TidemarkMeter.Name);
    private readonly string _pipeline = Guid.NewGuid().ToString("n");

    public void Dispose() => _meter.Dispose();

    [Fact]
    public async Task Batches_measure_what_the_report_counts()
    {
        var counters = new StreamCounters(new StreamLabels(_pipeline, "rows", "api"));
        using var scene = new WriterScene
        {
            Counters = counters,
            Writer = new() { Refuses = r => r.Contains("bad", StringComparison.Ordinal) },
            Stream = new() { Name = "rows", Request = new Support.FakeRequest(), PrimaryKey = ["id"], Batch = WriterScene.Batch(count: 2) },
        };
        await scene.RunAsync(["""{"id":1}""", """{"id":2}""", """{"id":3}""", """{"id":"bad"}""", """{"id":5}"""]);

        var points = Points();
        points["tidemark.records.read"].Single().Value.ShouldBe(5);
        points["tidemark.records.written"].Single().Value.ShouldBe(counters[Counter.Written]);
        points["tidemark.records.failed"].Single().Value.ShouldBe(1);
        points["tidemark.batch.duration"].Single().Count.ShouldBe(counters[Counter.Batches]);
        points["tidemark.batch.size"].Single().Value.ShouldBe(5);
        points["tidemark.batch.size"].Single().Labels.ShouldBe([new("pipeline", _pipeline), new("stream", "rows"), new("source", "api")]);
    }

    [Fact]
    public void Requests_are_measured_by_class_of_status()
    {
        var counters = new StreamCounters(new StreamLabels(_pipeline, "rows", "api"));
        foreach (var status in new int?[] { 200, 204, 302, 404, 429, 503, null }) counters.EndRequest(status, TimeSpan.FromSeconds(2));
        var points = Points();
        points["tidemark.requests"].Select(p => (p.Labels.Single(l => l.Key == "status").Value, p.Value)).ShouldBe([("2xx", 2), ("3xx", 1), ("4xx", 2), ("5xx", 1), ("error", 1)]);
        points["tidemark.request.duration"].Select(p => p.Value).ShouldBe([4, 2, 4, 2, 2]);
    }

    [Fact]
    public void Counters_without_labels_are_not_measured()
    {
        var counters = new StreamCounters();
        counters.Add(Counter.Read, 5);
        counters.EndRequest(200, TimeSpan.FromSeconds(1));
        counters[Counter.Read].ShouldBe(5);
        Points().ShouldBeEmpty();
    }

    private ILookup<string, MetricPoint> Points() =>
        _meter.Take(DateTimeOffset.UnixEpoch).Where(p => p.Labels.Any(l => l.Value == _pipeline)).ToLookup(p => p.Name, StringComparer.Ordinal);
}
