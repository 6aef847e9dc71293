using FsCheck;
using FsCheck.Fluent;
using Tidemark.Simulators.Traffic;

namespace Tidemark.Simulators.Tests.Traffic;

public sealed class LimitTests
{
    private const long Interval = 1000;

    [Theory]
    [InlineData(LimiterKind.Fixed)]
    [InlineData(LimiterKind.Sliding)]
    [InlineData(LimiterKind.Bucket)]
    public void Limit_decides_on_any_arrivals_as_counting_all_calls_does(LimiterKind kind) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Arb.From(Arrivals()), Arb.From(Gen.Choose(1, 7)), (arrivals, limit) => Follow(kind, limit, arrivals)));

    [Fact]
    public void Peak_is_the_largest_count_of_any_window() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Arb.From(Arrivals()), arrivals =>
        {
            var peak = new WindowPeak(TimeSpan.FromTicks(Interval));
            foreach (var at in arrivals)
                peak.Add(TimeSpan.FromTicks(at));
            peak.Most.ShouldBe(arrivals.Max(end => arrivals.Count(at => at > end - Interval && at <= end)));
        }));

    [Fact]
    public void Peak_of_more_calls_than_it_tells_apart_is_hardly_too_large_and_never_too_small()
    {
        var peak = new WindowPeak(TimeSpan.FromTicks(65_536 * 100));
        for (var at = 0L; at < 3 * 65_536 * 100; at += 10)
            peak.Add(TimeSpan.FromTicks(at));
        peak.Most.ShouldBeInRange(655_360, 655_370);
    }

    [Fact]
    public void Busy_calls_are_averaged_over_time()
    {
        var busy = new BusyMeter();
        busy.Average(Ticks(100)).ShouldBe(0);
        busy.Enter(Ticks(100));
        busy.Enter(Ticks(110));
        busy.Leave(Ticks(130));
        busy.Average(Ticks(140)).ShouldBe((10 + 40 + 10) / 40.0);
        busy.Leave(Ticks(140));
        busy.Average(Ticks(900)).ShouldBe(60 / 40.0);
        busy.Most.ShouldBe(2);

        busy.Enter(Ticks(1000));
        busy.Clear(Ticks(1010));
        busy.Leave(Ticks(1020));
        (busy.Most, busy.Average(Ticks(1020))).ShouldBe((1, 1.0));
    }

    private static void Follow(LimiterKind kind, int limit, long[] arrivals)
    {
        ICallLimit counted = kind switch
        {
            LimiterKind.Fixed => new FixedWindow(limit, Ticks(Interval)),
            LimiterKind.Sliding => new SlidingWindow(limit, Ticks(Interval)),
            _ => new TokenBucket(limit, Ticks(Interval)),
        };
        var past = new List<(long At, bool Allowed)>();
        foreach (var now in arrivals)
        {
            var verdict = counted.Ask(Ticks(now));
            verdict.Allowed.ShouldBe(NaiveLimits.Allows(kind, limit, Interval, past, now));
            past.Add((now, verdict.Allowed));
            verdict.Remaining.ShouldBe(NaiveLimits.Remaining(kind, limit, Interval, past, now));
            verdict.MoreAt.Ticks.ShouldBeGreaterThan(now);
            NaiveLimits.Remaining(kind, limit, Interval, past, verdict.MoreAt.Ticks - 1).ShouldBe(verdict.Remaining);
            NaiveLimits.Remaining(kind, limit, Interval, past, verdict.MoreAt.Ticks).ShouldBeGreaterThan(verdict.Remaining);
        }
    }

    /// <summary>Bursts, steady calls, pauses, and gaps that end exactly where an interval does.</summary>
    private static Gen<long[]> Arrivals() =>
        Gen.NonEmptyListOf(Gen.OneOf(
            Gen.Constant(0),
            Gen.Choose(1, 300),
            Gen.Elements(142, 143, 250, 500, 999, 1000, 1001, 2500)))
        .Select(static gaps =>
        {
            var at = 0L;
            return gaps.Select(gap => at += gap).ToArray();
        });

    private static TimeSpan Ticks(long ticks) => TimeSpan.FromTicks(ticks);
}
