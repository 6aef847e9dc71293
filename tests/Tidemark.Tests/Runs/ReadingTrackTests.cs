using Tidemark.Runs;
using Tidemark.Sources;
using Tidemark.Scanning;
using Tidemark.Telemetry;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Runs;

/// <summary>How far a reading has come, as its run tells forecasts.</summary>
public sealed class ReadingTrackTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private readonly StreamCounters _counters = new(), _calls = new();
    private readonly List<int> _lengths = [];

    [Fact]
    public void Pages_that_are_here_and_records_that_are_written_are_two_things()
    {
        var track = Track();
        track.Ask(_calls);
        track.Now().ShouldBe(new ReadingNow(0, 0));
        _calls.Add(Counter.Requests);
        track.Now().IsAsked.ShouldBeTrue();
        Take(track, "1", 3);
        track.Now().ShouldBe(new ReadingNow(0, 1));
        _counters.Add(Counter.Read, 3);
        track.Now().ShouldBe(new ReadingNow(3, 1));
    }

    [Fact]
    public void Length_of_a_page_is_that_of_one_that_another_one_with_records_follows()
    {
        var track = Track();
        // Nobody knows yet whether it was the last one with records.
        Take(track, "1", 3);
        _lengths.ShouldBeEmpty();
        Take(track, "2", 2);
        _lengths.ShouldBe([3]);
        Take(track, null, 0);
        _lengths.ShouldBe([3]);
        // Where there is more, the first one tells.
        Take(Track(), "1", 4, total: 5);
        _lengths.ShouldBe([3, 4]);
        Take(Track(), "1", 4, total: 4);
        _lengths.ShouldBe([3, 4]);
    }

    [Fact]
    public void Records_are_as_the_source_said_and_in_the_end_as_they_came()
    {
        var track = Track();
        Take(track, "1", 3, total: 10);
        track.Now().Records.ShouldBe(10);
        Take(track, null, 2);
        track.End();
        var now = track.Now();
        (now.Records, now.IsLast, now.Pages).ShouldBe((5, true, 2));
    }

    [Fact]
    public void Scan_that_goes_on_has_what_was_done_before_and_one_that_starts_over_has_not()
    {
        _counters.Add(Counter.Read, 7);
        var track = Track(new ResumePoint { Read = 100, Total = 1000 });
        (track.Now().Read, track.Now().ReadBefore, track.Now().Records).ShouldBe((100, 100, 1000));
        Take(track, "1", 3, done: 1);
        _counters.Add(Counter.Read, 2);
        track.Now().Read.ShouldBe(102);
        track.StartOver();
        (track.Now().Read, track.Now().Pages).ShouldBe((0, 0));
        Take(track, null, 3);
        _counters.Add(Counter.Read, 3);
        track.End();
        (track.Now().Read, track.Now().Records).ShouldBe((3, 3));
    }

    private ReadingTrack Track(ResumePoint? resume = null) =>
        new(new StreamPlan { Mode = RunMode.First, MovesWatermark = true, Scan = new ScanPlan { StartedAt = Start }, Values = new TemplateValues { Now = Start }, Resume = resume }, _counters, _lengths.Add);

    private static void Take(ReadingTrack track, string? next, int records, long? total = null, int done = 0)
    {
        using var page = FakeSource.PageOf("0", next, total, [.. Enumerable.Repeat("{}", records)]);
        track.Take(page, done, isPart: false);
    }
}
