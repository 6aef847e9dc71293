using FsCheck;
using FsCheck.Fluent;
using Tidemark.Quotas;

namespace Tidemark.Tests.Quotas;

/// <summary>Generated histories of calls, ends, deaths of processes and clocks that are set, against the plainest model there is: the server's list of arrivals.</summary>
public class QuotaWindowModelTests
{
    [Theory]
    [Trait("guarantee", "G60")]
    [InlineData(QuotaPace.Burst)]
    [InlineData(QuotaPace.Smooth)]
    public void No_window_at_the_server_holds_more_than_a_limit(QuotaPace pace) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(300), Prop.ForAll<byte[]>(script => new Story(pace, script ?? []).Holds()));

    [Theory]
    [Trait("guarantee", "G61")]
    [InlineData(1, 10, 0, 0)]
    [InlineData(100, 60, 0, 0)]
    [InlineData(100, 60, 1000, 10)]
    [InlineData(1500, 60, 0, 0)]
    [InlineData(2000, 3600, 600, 60)]
    public void Who_always_asks_gets_95_percent_at_least(int limit, int seconds, int secondLimit, int secondSeconds)
    {
        List<QuotaRate> rates = [new QuotaRate(limit, TimeSpan.FromSeconds(seconds))];
        if (secondLimit > 0) rates.Add(new QuotaRate(secondLimit, TimeSpan.FromSeconds(secondSeconds)));
        var history = new QuotaHistory(new QuotaDefinition { Rates = rates });
        var windows = limit > 1000 ? 2 : 20;
        while (history.Now < windows * rates[0].Interval)
        {
            history.TakeAndSettle();
            // Not all at one moment, so that sub-windows have something to lose.
            history.Pass(TimeSpan.FromMilliseconds(1));
        }
        history.Arrivals.Count(a => a < windows * rates[0].Interval).ShouldBeGreaterThan((int)(0.95 * windows * limit));
        foreach (var rate in rates) history.MostIn(rate.Interval).ShouldBeLessThanOrEqualTo((int)rate.Limit);
        history.State.Ended.Count.ShouldBeLessThanOrEqualTo(1500);
    }

    [Fact]
    public void Ends_beyond_a_thousand_are_counted_together_and_never_too_early()
    {
        var history = new QuotaHistory(new QuotaDefinition { Rates = [new QuotaRate(2500, TimeSpan.FromMinutes(1))] });
        for (var i = 0; i < 2500; i++)
        {
            history.TakeAndSettle();
            history.Pass(TimeSpan.FromMilliseconds(22));
        }
        history.State.Ended.Count.ShouldBeLessThanOrEqualTo(1200);
        history.State.Ended.Sum(e => e.Cost).ShouldBe(2500);
        history.Take().ShouldNotBeNull();
        history.TakeAndSettle();
        history.Now.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(1));
    }

    private sealed class Story(QuotaPace pace, byte[] script)
    {
        private int _next;

        public bool Holds()
        {
            var definition = new QuotaDefinition
            {
                Pace = pace,
                Reserve = Choose(3) == 0 ? 0.25 : 0,
                Rates = [.. Enumerable.Range(0, 1 + Choose(2)).Select(_ => new QuotaRate(1 + Choose(12), TimeSpan.FromSeconds(1 + Choose(20))))],
            };
            var history = new QuotaHistory(definition);
            while (_next < script.Length)
            {
                switch (Choose(12))
                {
                    case 0: history.ClockError -= TimeSpan.FromHours(1); break;
                    case 1:
                        // With nobody who has seen the clock before, a clock that goes ahead can't be told from time that passes.
                        history.Take();
                        history.ClockError += TimeSpan.FromHours(1);
                        history.Take();
                        break;
                    case 2: history.Kill(Between); break;
                    case 3 or 4 or 5: history.Pass(TimeSpan.FromMilliseconds(50 * Choose(256))); break;
                    case 6 or 7: if (history.Flying > 0) history.Settle(Choose(history.Flying), new QuotaAnswer(), Between); break;
                    default: Ask(history, definition); break;
                }
            }
            history.Kill(Between);
            foreach (var rate in definition.Rates)
            {
                var allowed = Math.Max(1, rate.Limit * (1 - definition.Reserve));
                if (history.MostIn(rate.Interval) > allowed) throw new InvalidOperationException($"{history.MostIn(rate.Interval)} calls in {rate.Interval}, allowed: {allowed}");
            }
            return true;
        }

        // What is asked to wait may go when the wait is over, and no wait is longer than the life of a call and an interval.
        private void Ask(QuotaHistory history, QuotaDefinition definition)
        {
            if (history.Take() is not { } delay) return;
            delay.Wait.ShouldBeGreaterThan(TimeSpan.Zero);
            delay.Wait.ShouldBeLessThanOrEqualTo(definition.Rates.Max(r => r.Interval) + QuotaHistory.Life);
            if (Choose(2) == 0) return;
            history.Pass(delay.Wait);
            history.Take().ShouldBeNull();
        }

        private TimeSpan Between(TimeSpan from, TimeSpan to) => from + ((to - from) * (Choose(9) / 8.0));

        private int Choose(int below) => _next < script.Length ? script[_next++] % below : 0;
    }
}
