using System.Globalization;
using Tidemark.Checkpoints;
using Tidemark.Cli.Monitoring;
using Tidemark.Destinations;
using Tidemark.Runs.Forecasts;
using Tidemark.Slices;

namespace Tidemark.EndToEnd.Monitoring;

/// <summary>What is made of looks, one after the other.</summary>
public sealed class StreamWatchTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private readonly StreamWatch _watch = new();

    [Fact]
    [Trait("guarantee", "G89")]
    public void Rate_follows_from_two_looks_and_the_finish_time_is_the_run_s_own()
    {
        var first = Look(0, read: 100);
        (first.Rate, first.FinishAt, first.Progress).ShouldBe((null, null, 0.1));
        var second = Look(10, read: 300, finish: Finish(300, left: 300, end: 25));
        (second.Rate, second.Progress, second.Expected).ShouldBe((20, 0.5, 600));
        second.FinishAt.ShouldBe(Start.AddSeconds(25));
        (Look(20, read: 300).Rate, _watch.Records).ShouldBe((0, 200));
    }

    [Fact]
    [Trait("guarantee", "G89")]
    public void Slices_have_read_what_their_run_or_the_store_tells()
    {
        var slices = new SliceStatistics("s", Pending: 5, Running: 1, Done: 4, Failed: 0, Read: 400, FailedRecords: 0, Attempts: 5);
        Look(0, read: 0, slices: slices).Read.ShouldBe(400);
        Look(10, read: 0, slices: slices, finish: Finish(450, left: 550, end: 40)).Read.ShouldBe(450);
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
        // Complete after 70 s; below 20 % no forecast counts.
        Look(0, read: 0);
        Look(10, read: 100, finish: Finish(100, left: 900, end: 900));
        Look(30, read: 300, finish: Finish(300, left: 700, end: 100));
        Look(50, read: 700, finish: Finish(700, left: 300, end: 71));
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

    private StreamLook Look(int seconds, long read, string mode = "full", long? before = 1000, DateTimeOffset? scan = null, DateTimeOffset? success = null, StreamFinish? finish = null, SliceStatistics? slices = null) =>
        Take(seconds, finish, slices, new Checkpoint
        {
            Resume = string.Create(CultureInfo.InvariantCulture, $$"""{"mode":"{{mode}}","started_at":"{{scan ?? Start:O}}","read":{{read}}}"""), LastFullRead = before, LastSuccess = success,
        });

    private void Done(int seconds, DateTimeOffset scan) => Take(seconds, finish: null, slices: null, new Checkpoint { Complete = true, LastSuccess = scan, LastFullRead = 1000 });

    private static StreamFinish Finish(long read, long left, int end) => new("s", read) { Left = left, EndsAt = Start.AddSeconds(end) };

    private StreamLook Take(int seconds, StreamFinish? finish, SliceStatistics? slices, Checkpoint checkpoint) =>
        _watch.Take(new ObservedStream("s", checkpoint, Holder: "me"), finish, slices, Start.AddSeconds(seconds), TimeSpan.FromSeconds(seconds));
}
