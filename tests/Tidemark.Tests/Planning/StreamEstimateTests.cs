using Tidemark.Planning;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Tests.Planning;

public sealed class StreamEstimateTests
{
    private static readonly MeasuredSpeeds Known = new() { Latency = TimeSpan.FromMilliseconds(100), Turn = TimeSpan.FromMilliseconds(120), AskEach = TimeSpan.FromSeconds(3), CallsAnAsk = 1.5 };

    [Fact]
    public void Pages_follow_from_records_and_the_length_of_a_page()
    {
        var estimate = StreamEstimate.Of(Facts(new ReadingFacts(34_969, 0)) with { PageLength = 1000, CallsAhead = 1 });
        (estimate.Records, estimate.Calls, estimate.Questions, estimate.KnowsPages, estimate.KnowsQuestions).ShouldBe((34_969, 36, 0, true, true));
        estimate.Work!.Readings.ShouldBe([new ReadingWork(36, 34_969, 1000)]);
        (estimate.Work.Latency.TotalMilliseconds, estimate.Work.Turn.TotalMilliseconds).ShouldBe((100, 120));
    }

    [Theory]
    [InlineData(0, 35, 34_969, 0)]
    [InlineData(12_000, 23, 22_969, 0)]
    // The rest of a page is asked for with its page.
    [InlineData(12_345, 23, 22_624, 655)]
    [InlineData(34_969, 1, 0, 31)]
    [InlineData(40_000, 1, 0, 0)]
    public void What_is_done_is_left_out(long done, long calls, long records, long rest) =>
        StreamEstimate.Of(Facts(new ReadingFacts(34_969, done)) with { PageLength = 1000 }).Work!.Readings.ShouldBe([new ReadingWork(calls, records, 1000) { Rest = rest }]);

    [Fact]
    public void Pages_that_are_here_are_not_asked_for_again_and_their_records_wait_to_be_written()
    {
        var work = StreamEstimate.Of(Facts(new ReadingFacts(10_000, 2_500) { Pages = 4 }) with { PageLength = 1000 }).Work!;
        work.Readings.ShouldBe([new ReadingWork(6, 6_000, 1000) { Backlog = 1_500 }]);
        // All of them are here.
        StreamEstimate.Of(Facts(new ReadingFacts(10_000, 9_000) { Pages = 10 }) with { PageLength = 1000 }).Work!.Readings.ShouldBe([new ReadingWork(0, 0, 1000) { Backlog = 1_000 }]);
    }

    [Fact]
    public void Slices_add_up()
    {
        var estimate = StreamEstimate.Of(Facts(new ReadingFacts(2_500, 0), new ReadingFacts(0, 0), new ReadingFacts(10, 5)) with { PageLength = 1000, Parallel = 2 });
        (estimate.Records, estimate.Calls).ShouldBe((2_505, 3 + 1 + 1));
        estimate.Work!.Parallel.ShouldBe(2);
    }

    [Fact]
    public void Records_that_nobody_knows_make_all_unknown_but_speeds()
    {
        var estimate = StreamEstimate.Of(Facts(new ReadingFacts(2_500, 0), new ReadingFacts(null, 0)) with { PageLength = 1000, Asks = new AskFacts(10) });
        (estimate.Records, estimate.Calls, estimate.Questions, estimate.Work).ShouldBe((null, null, null, null));
        (estimate.KnowsPages, estimate.KnowsQuestions).ShouldBe((true, true));
    }

    [Fact]
    public void Page_length_that_nobody_knows_leaves_calls_unknown_unless_pages_were_seen()
    {
        var unknown = StreamEstimate.Of(Facts(new ReadingFacts(2_500, 0)));
        (unknown.Records, unknown.Calls).ShouldBe((2_500, null));
        StreamEstimate.Of(Facts(new ReadingFacts(2_500, 0)) with { RecordsAPage = 100 }).Calls.ShouldBe(25);
        StreamEstimate.Of(Facts(new ReadingFacts(2_500, 0) { AllPages = 7 })).Calls.ShouldBe(7);
    }

    [Fact]
    public void Paging_that_knows_but_one_page_needs_no_length() =>
        StreamEstimate.Of(Facts(new ReadingFacts(1_000_000, 0)) with { Request = new OnePage() }).Calls.ShouldBe(1);

    [Fact]
    public void Questions_are_records_less_kept_answers()
    {
        var asks = new AskFacts(10) { Quota = "reviews", Cost = 2, Kept = 300 };
        var estimate = StreamEstimate.Of(Facts(new ReadingFacts(1_000, 200)) with { PageLength = 100, Asks = asks });
        (estimate.Records, estimate.Questions).ShouldBe((800, 500));
        var work = estimate.Work!.Asks!;
        (work.Questions, work.Parallel, work.Quota, work.Cost, work.Each).ShouldBe((500, 10, "reviews", 3, TimeSpan.FromSeconds(3)));
        StreamEstimate.Of(Facts(new ReadingFacts(100, 0)) with { PageLength = 100, Asks = asks }).Questions.ShouldBe(0);
    }

    [Fact]
    public void Speeds_that_nobody_has_seen_are_said_to_be_unknown()
    {
        var facts = Facts(new ReadingFacts(1_000, 0)) with { PageLength = 100, Asks = new AskFacts(10), Speeds = MeasuredSpeeds.None };
        var estimate = StreamEstimate.Of(facts);
        (estimate.Calls, estimate.KnowsPages, estimate.KnowsQuestions).ShouldBe((10, false, false));
        StreamEstimate.Of(facts with { Readings = [] }).KnowsPages.ShouldBeTrue();
    }

    [Fact]
    public void Source_without_calls_takes_as_long_as_its_records()
    {
        var estimate = StreamEstimate.Of(Facts(new ReadingFacts(12_000, 1_000)) with { Request = new NoCalls(), Speeds = new() { ReadEach = TimeSpan.FromMilliseconds(1) } });
        (estimate.Records, estimate.Calls, estimate.KnowsPages).ShouldBe((11_000, 0, true));
        Simulation.Run([estimate.Work!], new Dictionary<string, QuotaNow>(StringComparer.Ordinal), 1, DateTimeOffset.UnixEpoch)![0].EndsAt.ShouldBe(DateTimeOffset.UnixEpoch.AddSeconds(11));
    }

    [Fact]
    public void Speeds_are_read_out_of_counts()
    {
        var counts = new Dictionary<Counter, long>
        {
            [Counter.Requests] = 50, [Counter.EnrichRequests] = 30, [Counter.RequestMs] = 4_000, [Counter.Pages] = 16, [Counter.ReadMs] = 4_800, [Counter.Read] = 1_500, [Counter.Duplicates] = 100,
            [Counter.WriteMs] = 800, [Counter.Enriched] = 20, [Counter.EnrichMs] = 60_000,
        };
        var speeds = MeasuredSpeeds.Of(c => counts.GetValueOrDefault(c));
        speeds.ShouldBe(new MeasuredSpeeds
        {
            Latency = TimeSpan.FromMilliseconds(200), Turn = TimeSpan.FromMilliseconds(300), ReadEach = TimeSpan.FromMilliseconds(3), WriteEach = TimeSpan.FromMilliseconds(0.5),
            AskEach = TimeSpan.FromSeconds(3), CallsAnAsk = 1.5, Seen = (20, 20),
        });
        MeasuredSpeeds.Of(_ => 0).ShouldBe(MeasuredSpeeds.None);
        MeasuredSpeeds.None.Or(speeds).ShouldBe(speeds);
        (speeds with { AskEach = null, CallsAnAsk = null }).Or(speeds with { Latency = TimeSpan.Zero }).ShouldBe(speeds);
    }

    private static StreamFacts Facts(params ReadingFacts[] readings) => new() { Stream = "s", Request = new Pages(), Readings = readings, Speeds = Known };

    private sealed record Pages : StreamRequest
    {
        public override long? PagesOf(long records, int pageLength, bool? endsEmpty) => Math.Max(1, (records + pageLength - 1) / pageLength);
    }

    private sealed record OnePage : StreamRequest
    {
        public override long? PagesOf(long records, int pageLength, bool? endsEmpty) => 1;
    }

    private sealed record NoCalls : StreamRequest
    {
        public override bool MakesCalls => false;
    }
}
