using Tidemark.Telemetry;
using Tidemark.Telemetry.Recording;
using Tidemark.Tests.Runs;
using Tidemark.Tests.Support;

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
            Stream = new() { Name = "rows", Request = new FakeRequest(), PrimaryKey = ["id"], Batch = WriterScene.Batch(count: 2) },
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

    [Fact]
    public void Waits_side_by_side_count_once()
    {
        var time = new ManualTime();
        var run = new StreamCounters();
        var (stream, other) = (new StreamCounters(total: run), new StreamCounters(total: run));
        var (slice, question) = (new StreamCounters(total: stream), new StreamCounters { WaitsWith = stream });
        void Pass(double seconds) => time.Advance(TimeSpan.FromSeconds(seconds));

        slice.BeginWait(time);
        Pass(1);
        question.BeginWait(time);
        other.BeginWait(time);
        Pass(2);
        slice.EndWait(time);
        Pass(4);
        question.EndWait(time);
        Pass(0.0005);
        other.EndWait(time);
        Pass(100);
        stream.BeginWait(time);
        Pass(0.0005);
        stream.EndWait(time);

        new[] { slice, question, stream, other, run }.Select(c => c[Counter.ThrottledMs]).ShouldBe([3000, 6000, 7000, 6000, 7001]);
        question[Counter.Requests].ShouldBe(0);
    }

    [Fact]
    public void Wait_that_never_came_or_is_over_is_none()
    {
        var time = new ManualTime();
        var counters = new StreamCounters();
        using (new WaitScope(counters, time)) time.Advance(TimeSpan.FromSeconds(1));
        var late = new WaitScope(counters, time);
        late.Dispose();
        late.Begin();
        time.Advance(TimeSpan.FromSeconds(1));
        using (var twice = new WaitScope(counters, time))
        {
            twice.Begin();
            twice.Begin();
            time.Advance(TimeSpan.FromSeconds(2));
        }
        time.Advance(TimeSpan.FromSeconds(1));
        counters[Counter.ThrottledMs].ShouldBe(2000);
    }

    [Fact]
    public void Times_keep_their_parts_of_milliseconds()
    {
        var stream = new StreamCounters();
        var slice = new StreamCounters(total: stream);
        for (var i = 0; i < 4; i++) slice.AddTime(Counter.ReadMs, TimeSpan.FromMicroseconds(700));
        for (var i = 0; i < 3; i++) slice.EndRequest(200, TimeSpan.FromMicroseconds(1500));
        new[] { slice, stream }.SelectMany(c => new[] { c[Counter.ReadMs], c[Counter.RequestMs] }).ShouldBe([2, 4, 2, 4]);
    }

    private ILookup<string, MetricPoint> Points() =>
        _meter.Take(DateTimeOffset.UnixEpoch).Where(p => p.Labels.Any(l => l.Value == _pipeline)).ToLookup(p => p.Name, StringComparer.Ordinal);
}
