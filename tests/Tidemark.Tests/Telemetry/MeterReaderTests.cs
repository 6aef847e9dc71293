using System.Diagnostics.Metrics;
using Tidemark.Telemetry.Recording;

namespace Tidemark.Tests.Telemetry;

public sealed class MeterReaderTests : IDisposable
{
    private readonly Meter _meter = new($"test {Guid.NewGuid():n}");
    private readonly MeterReader _reader;

    public MeterReaderTests() => _reader = new MeterReader(_meter.Name);

    public void Dispose()
    {
        _reader.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Totals_go_on_when_points_are_taken()
    {
        var counter = _meter.CreateCounter<long>("counted", "{thing}", "Things.");
        counter.Add(3, new KeyValuePair<string, object?>("kind", "a"));
        _reader.Take(default).Single().Value.ShouldBe(3);
        counter.Add(4, new KeyValuePair<string, object?>("kind", "a"));
        var total = _reader.Totals().Single();
        (total.Name, total.Kind, total.Unit, total.Description, total.Value, total.Count).ShouldBe(("counted", MetricKind.Counter, "{thing}", "Things.", 7, 2));
        _reader.Take(default).Single().Value.ShouldBe(4);
        _reader.Totals().Single().Value.ShouldBe(7);
    }

    [Fact]
    public void Histogram_counts_by_its_bounds_each_included()
    {
        var advised = _meter.CreateHistogram("advised", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] });
        foreach (var value in new[] { 0.5, 1, 1.5, 2, 99 }) advised.Record(value);
        var total = _reader.Totals().Single();
        total.Bounds.ShouldBe([1, 2]);
        total.Buckets.ShouldBe([2, 2]);
        (total.Count, total.Value).ShouldBe((5, 104));

        _meter.CreateHistogram<double>("duration", "s").Record(0.02);
        _meter.CreateHistogram<long>("size", "{record}").Record(5000);
        _reader.Totals().Single(t => t.Name == "duration").Bounds[0].ShouldBe(0.005);
        _reader.Totals().Single(t => t.Name == "size").Bounds[^1].ShouldBe(10_000);
    }

    [Fact]
    public void What_goes_up_and_down_is_summed_up_and_a_gauge_is_not()
    {
        var change = _meter.CreateUpDownCounter<int>("waiting");
        change.Add(5);
        change.Add(-2);
        var depth = _meter.CreateGauge<long>("depth");
        depth.Record(5);
        depth.Record(2);
        _reader.Totals().Select(t => (t.Name, t.Kind, t.Value)).ShouldBe([("depth", MetricKind.Gauge, 2), ("waiting", MetricKind.Gauge, 3)]);
    }

    [Fact]
    public void Other_meters_are_not_heard()
    {
        using var other = new Meter("another");
        other.CreateCounter<long>("x").Add(1);
        _reader.Totals().ShouldBeEmpty();
    }
}
