using System.Globalization;
using Tidemark.Quotas;

namespace Tidemark.Tests.Quotas;

public class QuotaBookTests
{
    private static readonly QuotaAnswer Answer = new();

    [Fact]
    [Trait("guarantee", "G65")]
    public void History_is_judged_by_the_rates_of_now()
    {
        var history = new QuotaHistory(Rate(5, 10));
        for (var i = 0; i < 5; i++) history.TakeAndSettle();
        history.Take()!.Wait.ShouldBe(TimeSpan.FromSeconds(10));
        history.Definition = Rate(6, 10);
        history.TakeAndSettle();
        history.Definition = Rate(5, 60);
        history.Take()!.Wait.ShouldBe(TimeSpan.FromSeconds(60));
        history.Definition = Rate(5, 1);
        history.Pass(TimeSpan.FromSeconds(1));
        history.Take().ShouldBeNull();
    }

    [Fact]
    [Trait("guarantee", "G62")]
    public void Call_of_a_process_that_died_counts_until_it_must_have_ended_and_an_interval()
    {
        var history = new QuotaHistory(Rate(1, 10));
        history.Take().ShouldBeNull();
        history.Kill((from, _) => from);
        var delay = history.Take()!;
        (delay.Wait, delay.MayShorten).ShouldBe((QuotaHistory.Life + TimeSpan.FromSeconds(10), true));
        history.Pass(delay.Wait);
        history.Take().ShouldBeNull();
    }

    [Fact]
    public void Call_that_costs_more_than_ever_allowed_goes_alone()
    {
        var history = new QuotaHistory(Rate(5, 10));
        history.TakeAndSettle();
        history.Take(cost: 8)!.Wait.ShouldBe(TimeSpan.FromSeconds(10));
        history.Pass(TimeSpan.FromSeconds(10));
        history.TakeAndSettle(cost: 8);
        history.Take(cost: 1)!.Wait.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void True_cost_replaces_what_was_expected()
    {
        var history = new QuotaHistory(Rate(10, 10));
        history.TakeAndSettle(new QuotaAnswer { Cost = 9.5 });
        history.Take(cost: 1).ShouldNotBeNull();
        history.TakeAndSettle(new QuotaAnswer { Cost = 0 }, cost: 0.5);
        history.Take(cost: 0.5).ShouldBeNull();
        history.State.Streams["s"].ShouldBe(new StreamSpending(3, 10));
    }

    [Fact]
    public void Smooth_pace_keeps_calls_apart_over_processes()
    {
        var history = new QuotaHistory(Rate(10, 10) with { Pace = QuotaPace.Smooth });
        history.TakeAndSettle();
        history.Take()!.Wait.ShouldBe(TimeSpan.FromSeconds(1));
        history.Kill((from, _) => from);
        history.Take()!.Wait.ShouldBe(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 29; i++) history.TakeAndSettle();
        history.Now.ShouldBe(TimeSpan.FromSeconds(29));
    }

    [Fact]
    public void Smooth_pace_makes_up_for_calls_that_come_a_little_late_and_not_for_idle_time()
    {
        var history = new QuotaHistory(Rate(10, 10) with { Pace = QuotaPace.Smooth });
        history.TakeAndSettle();
        for (var i = 0; i < 50; i++)
        {
            history.Pass(history.Take()!.Wait + TimeSpan.FromMilliseconds(80));
            history.TakeAndSettle();
        }
        // Late by 80 ms once in each interval, for the sake of the window, and not with each call: that would make 54 s.
        history.Now.ShouldBeLessThan(TimeSpan.FromSeconds(51));
        history.MostIn(TimeSpan.FromSeconds(10)).ShouldBe(10);
        history.Pass(TimeSpan.FromSeconds(30));
        history.TakeAndSettle();
        history.Take()!.Wait.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Reserve_lowers_rates_capacity_and_budgets()
    {
        var rate = new QuotaHistory(Rate(10, 10) with { Reserve = 0.25 });
        for (var i = 0; i < 7; i++) rate.Take().ShouldBeNull();
        rate.Take().ShouldNotBeNull();
        var bucket = new QuotaHistory(new QuotaDefinition { Bucket = new TokenBucket(10, 1, TimeSpan.FromSeconds(1)), Reserve = 0.25 });
        for (var i = 0; i < 7; i++) bucket.Take().ShouldBeNull();
        bucket.Take().ShouldNotBeNull();
        var budget = new QuotaHistory(new QuotaDefinition { Budgets = [new QuotaBudget(BudgetUnit.Calls, 10)], Reserve = 0.25 });
        for (var i = 0; i < 7; i++) budget.Take().ShouldBeNull();
        budget.Take().ShouldNotBeNull();
    }

    [Fact]
    public void Bucket_refills_in_whole_intervals_and_the_servers_balance_replaces_ours_both_ways()
    {
        var history = new QuotaHistory(new QuotaDefinition { Bucket = new TokenBucket(20, 5, TimeSpan.FromMinutes(1)) });
        history.TakeAndSettle(cost: 18);
        history.Take(cost: 4)!.Wait.ShouldBe(TimeSpan.FromMinutes(1));
        history.TakeAndSettle(new QuotaAnswer { Balance = -12 }, cost: 1);
        history.Take(cost: 1)!.Wait.ShouldBe(TimeSpan.FromMinutes(3));
        history.Pass(TimeSpan.FromMinutes(3));
        history.TakeAndSettle(new QuotaAnswer { Balance = 300, Capacity = 300, RefillPerSecond = 1 }, cost: 1);
        history.Take(cost: 300).ShouldBeNull();
        history.Take(cost: 90)!.Wait.ShouldBe(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Calls_on_their_way_may_not_be_in_the_balance_that_another_answer_tells()
    {
        var history = new QuotaHistory(new QuotaDefinition { Bucket = new TokenBucket(40, 2, TimeSpan.FromSeconds(1)) });
        history.Take(cost: 10).ShouldBeNull();
        history.Take(cost: 10).ShouldBeNull();
        history.Settle(0, new QuotaAnswer { Balance = 30 }, (_, to) => to);
        history.State.Bucket!.Balance.ShouldBe(20);
        history.Settle(0, new QuotaAnswer { Balance = 20, Cost = 10 }, (_, to) => to);
        history.State.Bucket!.Balance.ShouldBe(20);
    }

    [Fact]
    public void A_balance_that_was_overtaken_does_not_give_back_what_a_later_call_has_spent()
    {
        var history = new QuotaHistory(new QuotaDefinition { Bucket = new TokenBucket(40, 2, TimeSpan.FromMinutes(1)) });
        history.Take(cost: 10).ShouldBeNull();
        history.Take(cost: 10).ShouldBeNull();
        history.Pass(TimeSpan.FromSeconds(1));
        // The server took the second one last, and its answer came first.
        history.Settle(1, new QuotaAnswer { Balance = 20 }, (_, to) => to);
        history.Pass(TimeSpan.FromSeconds(1));
        history.Settle(0, new QuotaAnswer { Balance = 30 }, (_, to) => to);
        history.State.Bucket!.Balance.ShouldBe(20);
        // A call that begins when all have ended tells the truth, whatever it is.
        history.TakeAndSettle(new QuotaAnswer { Balance = 35 }, cost: 5);
        history.State.Bucket!.Balance.ShouldBe(35);
    }

    [Fact]
    public void Remaining_of_the_server_holds_until_its_reset()
    {
        var history = new QuotaHistory(Rate(1000, 1));
        history.TakeAndSettle(new QuotaAnswer { Remaining = 3, ResetAfter = TimeSpan.FromSeconds(60) });
        history.Take().ShouldBeNull();
        history.Take().ShouldBeNull();
        // An answer that was overtaken knows of less; a second of rounding makes no other reset.
        history.Settle(1, new QuotaAnswer { Remaining = 1, ResetAfter = TimeSpan.FromSeconds(61) }, (_, to) => to);
        history.Settle(0, new QuotaAnswer { Remaining = 2, ResetAfter = TimeSpan.FromSeconds(60) }, (_, to) => to);
        history.TakeAndSettle();
        var delay = history.Take()!;
        (delay.Wait, delay.Reason).ShouldBe((TimeSpan.FromSeconds(60), "the server has 0 left until its reset"));
        history.Pass(delay.Wait);
        history.Take().ShouldBeNull();
    }

    [Fact]
    public void Reset_in_the_past_means_nothing()
    {
        var history = new QuotaHistory(Rate(1000, 1));
        history.TakeAndSettle(new QuotaAnswer { Remaining = 0, ResetAfter = TimeSpan.FromSeconds(-30), RetryAfter = TimeSpan.FromSeconds(-1) });
        history.Take().ShouldBeNull();
        history.Settle(0, new QuotaAnswer { Remaining = 0 }, (_, to) => to);
        history.Take().ShouldBeNull();
    }

    [Theory]
    [Trait("guarantee", "G67")]
    [InlineData("2026-03-28T23:30:00Z", "2026-03-29T22:00:00Z")]
    [InlineData("2026-10-24T23:30:00Z", "2026-10-25T23:00:00Z")]
    [InlineData("2026-06-01T21:59:59Z", "2026-06-01T22:00:00Z")]
    public void Budget_of_a_day_renews_at_midnight_of_its_time_zone_also_when_the_day_has_23_or_25_hours(string now, string renewal)
    {
        var history = new QuotaHistory(new QuotaDefinition { Budgets = [new QuotaBudget(BudgetUnit.Calls, 1, 1, "Europe/Paris")] });
        history.Pass(At(now) - At("2026-01-10T12:00:00Z"));
        history.TakeAndSettle(Answer);
        var delay = history.Take()!;
        delay.Wait.ShouldBe(At(renewal) - At(now));
        history.Pass(delay.Wait - TimeSpan.FromSeconds(1));
        history.Take().ShouldNotBeNull();
        history.Pass(TimeSpan.FromSeconds(1));
        history.Take().ShouldBeNull();
    }

    [Theory]
    [InlineData("Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z")]
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z")]
    public void Day_begins_once_where_clocks_skip_or_repeat_midnight(string zone, string day, string begins)
    {
        var period = DateOnly.Parse(day, CultureInfo.InvariantCulture).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        var start = BudgetCalendar.StartOf(period, 1, zone);
        start.ShouldBe(At(begins));
        BudgetCalendar.PeriodOf(1, zone, start).ShouldBe(period);
        BudgetCalendar.PeriodOf(1, zone, start.AddSeconds(-1)).ShouldBe(period - 1);
    }

    [Fact]
    public void Cost_of_a_budget_is_what_calls_cost_in_truth_and_a_clock_that_goes_back_over_midnight_spends_nothing_anew()
    {
        var history = new QuotaHistory(new QuotaDefinition { Budgets = [new QuotaBudget(BudgetUnit.Cost, 10)] });
        history.Pass(TimeSpan.FromHours(12));
        history.TakeAndSettle(new QuotaAnswer { Cost = 9 }, cost: 3);
        history.Take(cost: 2)!.Wait.ShouldBe(TimeSpan.FromHours(24));
        history.ClockError = TimeSpan.FromHours(-1);
        history.Take(cost: 2)!.Wait.ShouldBe(TimeSpan.FromHours(25));
        history.Take(cost: 1).ShouldBeNull();
    }

    [Fact]
    [Trait("guarantee", "G69")]
    public void Clock_that_is_set_forward_while_nothing_runs_is_taken_for_time()
    {
        var history = new QuotaHistory(Rate(1, 10));
        history.TakeAndSettle();
        history.Kill((from, _) => from);
        history.ClockError = TimeSpan.FromHours(1);
        history.Take().ShouldBeNull();
    }

    [Fact]
    public void State_of_a_newer_version_is_refused_and_a_damaged_one_named()
    {
        Should.Throw<FormatException>(() => QuotaStateText.Read("""{"format":2}""")).Message.ShouldBe("its state has format 2, this version of Tidemark knows 1: use a newer version");
        foreach (var damaged in new[] { "", "{}", "[]", """{"format":1}""", """{"format":1,"now":"x"}""", """{"format":99999999999}""" })
            Should.Throw<FormatException>(() => QuotaStateText.Read(damaged)).Message.ShouldContain("quota_ledger");
    }

    private static QuotaDefinition Rate(int limit, int seconds) => new() { Rates = [new QuotaRate(limit, TimeSpan.FromSeconds(seconds))] };

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
