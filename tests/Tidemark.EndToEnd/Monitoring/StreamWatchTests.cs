using System.Globalization;
using Tidemark.Checkpoints;
using Tidemark.Cli.Monitoring;
using Tidemark.Destinations;

namespace Tidemark.EndToEnd.Monitoring;

/// <summary>What is made of looks, one after the other.</summary>
public sealed class StreamWatchTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private readonly StreamWatch _watch = new();

    [Fact]
    public void Rate_progress_and_finish_time_follow_from_two_looks()
    {
        var first = Look(0, read: 100);
        (first.Rate, first.FinishAt, first.Progress).ShouldBe((null, null, 0.1));
        var second = Look(10, read: 300);
        (second.Rate, second.Progress).ShouldBe((20, 0.3));
        second.FinishAt.ShouldBe(Start.AddSeconds(10 + 35));
        // The rate is that of the last interval, the finish time follows the average.
        var third = Look(20, read: 300);
        (third.Rate, third.FinishAt).ShouldBe((0, Start.AddSeconds(20 + 70)));
        _watch.Records.ShouldBe(200);
    }

    [Theory]
    [InlineData("incremental", 1000L)]
    [InlineData("first", null)]
    [InlineData("full", 0L)]
    public void Scan_whose_length_nobody_knows_has_a_rate_and_no_finish_time(string mode, long? before)
    {
        Look(0, read: 100, mode, before);
        var look = Look(10, read: 200, mode, before);
        (look.Rate, look.Progress, look.FinishAt).ShouldBe((10, null, null));
    }

    [Fact]
    public void Error_of_forecasts_is_that_of_the_worst_one_from_a_fifth_on()
    {
        // Seen from its start: 10 a second, then 20, complete after 70 s; the first forecasts said 100 s, but below 20 % none counts.
        Look(0, read: 0);
        Look(10, read: 100);
        Look(30, read: 300).FinishAt.ShouldBe(Start.AddSeconds(100));
        Look(50, read: 700).FinishAt!.Value.ShouldBe(Start.AddSeconds(50 + (300 * 50 / 700.0)), TimeSpan.FromMilliseconds(1));
        Done(70, scan: Start);
        _watch.Completed.ShouldBe(1);
        _watch.WorstError!.Value.ShouldBe(30 / 70.0, 0.001);
        _watch.Records.ShouldBe(1000);
    }

    [Fact]
    public void Scan_that_was_given_up_proves_no_forecast_wrong()
    {
        Look(0, read: 0);
        Look(10, read: 500);
        Done(20, scan: Start.AddDays(-1));
        (_watch.Completed, _watch.WorstError, _watch.Records).ShouldBe((0, null, 500));
    }

    [Fact]
    public void Next_scan_is_told_from_the_one_before()
    {
        Look(0, read: 900);
        var next = Look(10, read: 50, scan: Start.AddSeconds(5), success: Start);
        (next.Rate, _watch.Completed, _watch.Records).ShouldBe((null, 1, 150));
        // Begun anew under its own name: not slower than nothing.
        Look(20, read: 10, scan: Start.AddSeconds(5)).Rate.ShouldBeNull();
        _watch.Records.ShouldBe(150);
    }

    private StreamLook Look(int seconds, long read, string mode = "full", long? before = 1000, DateTimeOffset? scan = null, DateTimeOffset? success = null) =>
        Take(seconds, new Checkpoint
        {
            Resume = string.Create(CultureInfo.InvariantCulture, $$"""{"mode":"{{mode}}","started_at":"{{scan ?? Start:O}}","read":{{read}}}"""), LastFullRead = before, LastSuccess = success,
        });

    private void Done(int seconds, DateTimeOffset scan) => Take(seconds, new Checkpoint { Complete = true, LastSuccess = scan, LastFullRead = 1000 });

    private StreamLook Take(int seconds, Checkpoint checkpoint) =>
        _watch.Take(new ObservedStream("s", checkpoint, Holder: null), Start.AddSeconds(seconds), TimeSpan.FromSeconds(seconds));
}
