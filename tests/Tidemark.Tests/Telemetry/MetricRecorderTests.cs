using System.Diagnostics.Metrics;
using Tidemark.Telemetry.Recording;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Telemetry;

public sealed class MetricRecorderTests : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    // A meter of its own for each test: others run beside it.
    private readonly Meter _meter = new("test-" + Guid.NewGuid().ToString("n"));
    private readonly ManualTime _time = new();
    private readonly ListSink _sink = new();

    public void Dispose() => _meter.Dispose();

    [Fact]
    public async Task Measurements_are_summed_up_to_a_point_a_series_and_interval()
    {
        var (counter, histogram) = (_meter.CreateCounter<long>("calls", "{call}"), _meter.CreateHistogram<double>("duration", "s"));
        _meter.CreateObservableGauge("free", () => 7);
        await using (await RecordAsync())
        {
            counter.Add(2, new KeyValuePair<string, object?>("stream", "a"));
            counter.Add(3, new KeyValuePair<string, object?>("stream", "a"));
            counter.Add(5, new KeyValuePair<string, object?>("stream", "b"));
            foreach (var value in new[] { 3.0, 1.0, 2.0 }) histogram.Record(value);
            await NextAsync();
            counter.Add(1, new KeyValuePair<string, object?>("stream", "a"));
            await NextAsync();
        }
        var calls = _sink.Points.Where(p => p.Name == "calls").ToList();
        calls.Select(p => (p.Labels.Single().Value, p.Value, p.Total)).ShouldBe([("a", 5, 5), ("b", 5, 5), ("a", 1, 6)]);
        var duration = _sink.Points.Single(p => p.Name == "duration");
        (duration.Count, duration.Value, duration.Min, duration.Max, duration.Unit).ShouldBe((3, 6, 1, 3, "s"));
        // Twice in time, once at the end.
        _sink.Points.Where(p => p.Name == "free").Select(p => p.Value).ShouldBe([7, 7, 7]);
    }

    [Fact]
    public async Task What_is_measured_last_is_written_at_the_end()
    {
        var counter = _meter.CreateCounter<long>("calls");
        await using (await RecordAsync()) counter.Add(4);
        _sink.Points.Single().Value.ShouldBe(4);
        _sink.Disposed.ShouldBeTrue();
    }

    [Fact]
    public async Task Points_that_are_lost_become_a_point()
    {
        var counter = _meter.CreateCounter<long>("calls");
        await using (await RecordAsync())
        {
            _sink.Loses = true;
            counter.Add(1);
            await NextAsync();
            _sink.Loses = false;
            counter.Add(1);
            await NextAsync();
        }
        _sink.Points.Select(p => (p.Name, p.Value, p.Total)).ShouldBe([("calls", 1, 2), (MeterReader.DroppedName, 1, 1)]);
    }

    [Fact]
    public async Task Series_without_number_are_bounded_and_counted()
    {
        var counter = _meter.CreateCounter<long>("calls");
        await using (await RecordAsync())
        {
            for (var i = 0; i < 1500; i++) counter.Add(1, new KeyValuePair<string, object?>("id", i));
        }
        _sink.Points.Count(p => p.Name == "calls").ShouldBe(1000);
        _sink.Points.Single(p => p.Name == MeterReader.DroppedName).Value.ShouldBe(500);
    }

    [Fact]
    public async Task Memory_stays_flat_however_much_is_measured_and_however_seldom_it_is_written()
    {
        var (counter, histogram) = (_meter.CreateCounter<long>("calls"), _meter.CreateHistogram<double>("duration"));
        _sink.Keeps = false;
        await using (await RecordAsync())
        {
            void Measure()
            {
                for (var i = 0; i < 1_000_000; i++)
                {
                    counter.Add(1, new KeyValuePair<string, object?>("stream", i % 100));
                    histogram.Record(i, new KeyValuePair<string, object?>("stream", i % 100));
                }
            }
            Measure();
            await NextAsync();
            var before = GC.GetTotalMemory(forceFullCollection: true);
            // Nobody takes points meanwhile, as with a disk that stands still.
            Measure();
            (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(10_000_000);
        }
    }

    private async Task<MetricRecorder> RecordAsync()
    {
        var recorder = new MetricRecorder(_meter.Name, Every, [_sink], _time);
        await _time.UntilWaitingAsync(Every);
        return recorder;
    }

    // The recorder waits for its next time again, so it has written.
    private async Task NextAsync()
    {
        _time.Advance(Every);
        await _time.UntilWaitingAsync(Every);
    }

    private sealed class ListSink : IPointSink
    {
        public List<MetricPoint> Points { get; } = [];

        public bool Loses { get; set; }

        public bool Keeps { get; set; } = true;

        public bool Disposed { get; private set; }

        public ValueTask<int> WriteAsync(IReadOnlyList<MetricPoint> points)
        {
            if (Keeps && !Loses) Points.AddRange(points);
            return ValueTask.FromResult(Loses ? points.Count : 0);
        }

        public ValueTask DisposeAsync()
        {
            Disposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
