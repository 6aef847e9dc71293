using Tidemark.Planning;
using Tidemark.Quotas;

namespace Tidemark.Tests.Planning;

public sealed class SimulationTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Midnight = new(2026, 1, 10, 0, 0, 0, TimeSpan.Zero);
    private static readonly QuotaDefinition Hundred = new() { Rates = [new QuotaRate(100, Minutes(1))] };

    [Fact]
    public void Calls_without_a_quota_follow_each_other()
    {
        var forecast = One(Work(36, 35_500) with { Latency = Ms(100), Turn = Ms(120) });
        Seconds(forecast).ShouldBe(36 * 0.12, 1e-6);
        (forecast.Calls, forecast.Parks, forecast.Bottleneck!.Kind).ShouldBe((36, 0, BottleneckKind.Calls));
    }

    [Theory]
    [InlineData(QuotaPace.Burst, 180)]
    [InlineData(QuotaPace.Smooth, 349 * 0.6)]
    public void Window_lets_its_limit_through_and_then_waits(QuotaPace pace, double seconds)
    {
        var forecast = One(Work(350, 350_000) with { Quota = "q" }, Hundred with { Pace = pace });
        Seconds(forecast).ShouldBe(seconds, 1e-3);
        forecast.Bottleneck.ShouldBe(new Bottleneck(BottleneckKind.Quota, "q", "100 in 1m"));
    }

    [Fact]
    public void Latency_comes_on_top_of_each_window_as_places_are_free_an_interval_after_their_answer()
    {
        // 20 side by side, 2 s each: 100 calls take 10 s, their places come back from 62 s on, and so on.
        var work = Work([.. Enumerable.Repeat(new ReadingWork(5, 5, 1), 40)]) with { Quota = "q", Latency = Ms(2000), Turn = Ms(2000), Parallel = 20 };
        Seconds(One(work, Hundred)).ShouldBe(62 + 10, 1e-3);
    }

    [Fact]
    public void What_is_spent_already_counts()
    {
        // 90 calls, a minute ago but for 20 s, and 5 that nobody will settle.
        var state = new QuotaState();
        var book = QuotaBook.Open(Hundred, state, Noon.AddSeconds(-40), measured: null);
        for (var i = 0; i < 95; i++)
        {
            var id = book.Take(new QuotaRequest { Stream = "other", Timeout = TimeSpan.FromSeconds(10) });
            if (i < 90) book.Settle(id, state.Now, new QuotaAnswer());
        }
        var text = QuotaStateText.Of(state);
        Seconds(One(Work(5, 5) with { Quota = "q" }, Hundred, text)).ShouldBe(0);
        Seconds(One(Work(6, 6) with { Quota = "q" }, Hundred, text)).ShouldBe(20);
        Seconds(One(Work(95, 95) with { Quota = "q" }, Hundred, text)).ShouldBe(20);
        // The five end 15 s after they were let through at the latest, and count an interval longer; with their process alive they end now.
        Seconds(One(Work(96, 96) with { Quota = "q" }, Hundred, text)).ShouldBe(20 + 15);
        Seconds(One(Work(96, 96) with { Quota = "q" }, Hundred, text, callsEnd: true)).ShouldBe(60);
    }

    [Fact]
    public void Retry_after_is_waited_for()
    {
        var state = new QuotaState();
        var book = QuotaBook.Open(Hundred, state, Noon, measured: null);
        book.Settle(-1, state.Now, new QuotaAnswer { RetryAfter = Minutes(2) });
        var forecast = One(Work(1, 1) with { Quota = "q" }, Hundred, QuotaStateText.Of(state));
        (Seconds(forecast), forecast.Parks, forecast.Bottleneck!.Kind).ShouldBe((120, 0, BottleneckKind.Quota));
    }

    [Fact]
    public void Bucket_gives_what_it_holds_and_then_what_comes_back()
    {
        var bucket = new QuotaDefinition { Bucket = new TokenBucket(40, 2, TimeSpan.FromSeconds(1)), Reserve = 0.5 };
        // 20 at once, and two a second.
        Seconds(One(Work(30, 30) with { Quota = "q" }, bucket)).ShouldBe(5);
        Seconds(One(Work(15, 15) with { Quota = "q", Cost = 2 }, bucket)).ShouldBe(5);
    }

    [Fact]
    public void Budget_of_records_says_on_which_day_an_import_ends()
    {
        var budget = new QuotaDefinition { Rates = Hundred.Rates, Budgets = [new QuotaBudget(BudgetUnit.Records, 35_000)] };
        var forecast = One(Work(525, 525_000) with { Quota = "q", Latency = Ms(100), Turn = Ms(100) }, budget);
        // The first day's 35 pages at noon, the last day's after the fourteenth midnight.
        forecast.EndsAt.ShouldBe(Midnight.AddDays(14).AddSeconds(3.5));
        (forecast.Calls, forecast.Parks).ShouldBe((525, 14));
        forecast.Bottleneck.ShouldBe(new Bottleneck(BottleneckKind.Budget, "q", "35000 records per 1d (UTC)"));
    }

    [Fact]
    public void Page_that_a_budget_cuts_is_asked_for_again()
    {
        var budget = new QuotaDefinition { Budgets = [new QuotaBudget(BudgetUnit.Records, 1_500)] };
        // 1000 and 500; the other 500 and 1000; 1000 and 500; the other 500.
        var forecast = One(Work(4, 4_000) with { Quota = "q" }, budget);
        (forecast.Calls, forecast.Parks).ShouldBe((5, 2));
    }

    [Fact]
    public void Slices_that_wait_for_the_same_day_are_parked_once()
    {
        var budget = new QuotaDefinition { Budgets = [new QuotaBudget(BudgetUnit.Records, 20)] };
        var work = Work([.. Enumerable.Repeat(new ReadingWork(1, 10, 10), 6)]) with { Quota = "q", Parallel = 3, Latency = Ms(100), Turn = Ms(100) };
        (One(work, budget).Parks, One(work, budget).EndsAt).ShouldBe((2, Midnight.AddDays(2).AddSeconds(0.1)));
    }

    [Fact]
    public void Slices_hold_no_more_of_a_budget_than_they_need()
    {
        // Each holds a record for its next page, which brings none.
        var budget = new QuotaDefinition { Budgets = [new QuotaBudget(BudgetUnit.Records, 42)] };
        var work = Work([.. Enumerable.Repeat(new ReadingWork(2, 10, 10), 4)]) with { Quota = "q", Parallel = 2, Latency = Ms(100), Turn = Ms(100) };
        (One(work, budget).Calls, One(work, budget).Parks).ShouldBe((8, 0));
    }

    [Fact]
    public void Scan_that_goes_on_in_a_page_asks_for_it_again()
    {
        var budget = new QuotaDefinition { Budgets = [new QuotaBudget(BudgetUnit.Records, 1_500)] };
        // 500 and 1000; 1000.
        var forecast = One(Work([new ReadingWork(3, 2_500, 1_000) { Rest = 500 }]) with { Quota = "q" }, budget);
        (forecast.Calls, forecast.Parks).ShouldBe((3, 1));
    }

    [Fact]
    public void Day_of_a_budget_is_that_of_its_time_zone_and_may_have_23_hours()
    {
        var budget = new QuotaDefinition { Budgets = [new QuotaBudget(BudgetUnit.Calls, 10, 1, "Europe/Paris")] };
        var before = new DateTimeOffset(2026, 3, 28, 22, 0, 0, TimeSpan.Zero);
        Simulate([Work(20, 20) with { Quota = "q" }], budget, before)[0].EndsAt.ShouldBe(new DateTimeOffset(2026, 3, 28, 23, 0, 0, TimeSpan.Zero));
        Simulate([Work(30, 30) with { Quota = "q" }], budget, before)[0].EndsAt.ShouldBe(new DateTimeOffset(2026, 3, 29, 22, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void Short_wait_for_a_budget_is_slept_and_a_long_one_parks()
    {
        var budget = new QuotaDefinition { Budgets = [new QuotaBudget(BudgetUnit.Records, 10)], ParkAfter = Minutes(5) };
        Simulate([Work(2, 20) with { Quota = "q" }], budget, Midnight.AddHours(23).AddMinutes(56))[0].Parks.ShouldBe(0);
        Simulate([Work(2, 20) with { Quota = "q" }], budget, Midnight.AddHours(23).AddMinutes(54))[0].Parks.ShouldBe(1);
    }

    [Fact]
    public void Enrichment_keeps_its_slots_busy_while_pages_come()
    {
        var work = Work(10, 1_000) with { Latency = Ms(200), Turn = Ms(200), Asks = new AskWork { Questions = 1_000, Parallel = 10, Each = Ms(3_000) } };
        var forecast = One(work);
        Seconds(forecast).ShouldBe(0.2 + (1_000 / 10 * 3), 1e-3);
        (forecast.Calls, forecast.Questions, forecast.Bottleneck!.Kind).ShouldBe((10, 1_000, BottleneckKind.Enrichment));
    }

    [Fact]
    public void Questions_that_are_answered_already_are_not_asked()
    {
        var work = Work(10, 1_000) with { Asks = new AskWork { Questions = 100, Parallel = 10, Each = Ms(3_000) } };
        Seconds(One(work)).ShouldBe(30, 1e-3);
    }

    [Fact]
    public void Enrichment_passes_its_own_quota()
    {
        var work = Work(1, 250) with { Quota = "pages", Asks = new AskWork { Questions = 250, Parallel = 20, Each = Ms(100), Quota = "q", Cost = 1 } };
        var forecast = Simulate([work], new Dictionary<string, QuotaNow>(StringComparer.Ordinal) { ["pages"] = new(new QuotaDefinition(), null), ["q"] = new(Hundred, null) }, Noon)[0];
        // Places come back an interval after each answer.
        Seconds(forecast).ShouldBeInRange(120, 121.5);
        forecast.Bottleneck.ShouldBe(new Bottleneck(BottleneckKind.Quota, "q", "100 in 1m"));
    }

    [Fact]
    public void Pages_and_questions_may_share_a_quota()
    {
        var work = Work(10, 190) with { Quota = "q", Asks = new AskWork { Questions = 190, Parallel = 5, Each = Ms(10), Quota = "q" } };
        Seconds(One(work, Hundred)).ShouldBeInRange(60, 61);
    }

    [Fact]
    public void Reading_is_not_far_ahead_of_enrichment()
    {
        // With records that count when they are read, a reader that ran ahead would spend the budget of the day.
        var budget = new QuotaDefinition { Budgets = [new QuotaBudget(BudgetUnit.Calls, 5)] };
        var work = Work(6, 600) with { Quota = "q", Asks = new AskWork { Questions = 600, Parallel = 1, Each = Minutes(5) } };
        // Of the sixth page nothing is asked before the third is done: five minutes each, so that is the next day in any case.
        Simulate([work], budget, Noon)[0].Parks.ShouldBe(0);
    }

    [Fact]
    public void Destination_that_is_slower_than_the_source_is_the_bottleneck()
    {
        var forecast = One(Work(10, 10_000) with { Turn = Ms(10), WriteEach = Ms(1) });
        Seconds(forecast).ShouldBe(10.01, 1e-3);
        forecast.Bottleneck!.Kind.ShouldBe(BottleneckKind.Destination);
    }

    [Fact]
    public void Source_without_calls_spends_nothing_but_records()
    {
        var budget = new QuotaDefinition { Rates = [new QuotaRate(1, Minutes(60))], Budgets = [new QuotaBudget(BudgetUnit.Records, 15_000)] };
        var forecast = One(Work(2, 20_000) with { Quota = "q", MakesCalls = false, ReadEach = TimeSpan.FromMicroseconds(50) }, budget);
        (forecast.Calls, forecast.Parks, forecast.EndsAt).ShouldBe((0, 1, Midnight.AddDays(1).AddSeconds(0.25)));
    }

    [Fact]
    public void Slices_go_side_by_side_and_one_begins_when_another_ends()
    {
        var work = Work([.. new[] { 4, 1, 1, 2 }.Select(pages => new ReadingWork(pages, pages, 1))]) with { Turn = Ms(1_000), Parallel = 2 };
        // 4 | 1 1 2
        Seconds(One(work)).ShouldBe(4);
        Seconds(One(work with { Parallel = 1 })).ShouldBe(8);
        Seconds(One(work with { Parallel = 64 })).ShouldBe(4);
    }

    [Fact]
    public void Streams_run_in_their_order_some_side_by_side_and_a_child_after_its_parent()
    {
        var streams = new[] { Named("a", 3), Named("b", 1) with { After = "a" }, Named("c", 1), Named("d", 1) };
        List<(double, double)> Times(int parallel) => [.. Simulate(streams, new Dictionary<string, QuotaNow>(StringComparer.Ordinal), Noon, parallel).Select(f => ((f.BeginsAt - Noon).TotalSeconds, (f.EndsAt - Noon).TotalSeconds))];
        Times(1).ShouldBe([(0, 3), (3, 4), (4, 5), (5, 6)]);
        // The child holds no place, but nobody overtakes it.
        Times(2).ShouldBe([(0, 3), (3, 4), (3, 4), (4, 5)]);
    }

    [Fact]
    public void Streams_that_share_a_quota_share_what_it_allows_by_priority()
    {
        var (slow, fast) = (Named("slow", 11) with { Quota = "q", Turn = Ms(0) }, Named("fast", 10) with { Quota = "q", Turn = Ms(0), Priority = 1 });
        var smooth = new QuotaDefinition { Rates = [new QuotaRate(10, Minutes(1))], Pace = QuotaPace.Smooth };
        var forecasts = Simulate([slow, fast], new Dictionary<string, QuotaNow>(StringComparer.Ordinal) { ["q"] = new(smooth, null) }, Noon, parallelStreams: 2);
        // The first call is the first stream's, the next ten are the other's: a call each 6 s.
        forecasts.Select(Seconds).ShouldBe([20 * 6, 10 * 6]);
    }

    [Fact]
    public void What_is_here_already_is_only_enriched_and_written()
    {
        var work = Work([new ReadingWork(0, 0, 100) { Backlog = 50 }]) with { WriteEach = Ms(10), Asks = new AskWork { Questions = 20, Parallel = 10, Each = Ms(1_000) } };
        var forecast = One(work);
        (forecast.Calls, forecast.Questions, Seconds(forecast)).ShouldBe((0, 20, 2.5));
    }

    [Fact]
    public void Call_that_is_on_its_way_does_not_pass_the_quota_once_more()
    {
        // Of 100 places 100 are taken: what is on its way comes all the same, and only the page after it waits.
        var state = new QuotaState();
        var book = QuotaBook.Open(Hundred, state, Noon, measured: null);
        for (var i = 0; i < 100; i++) book.Take(new QuotaRequest { Stream = "s", Timeout = TimeSpan.FromSeconds(10) });
        var text = QuotaStateText.Of(state);
        var last = new ReadingWork(1, 1, 1) { IsAsked = true };
        var forecast = One(Work([last, last]) with { Quota = "q", Latency = Ms(2_000), Turn = Ms(2_000), Parallel = 2 }, Hundred, text, callsEnd: true);
        (forecast.Calls, Seconds(forecast)).ShouldBe((0, 2));
        forecast = One(Work([last, new ReadingWork(2, 2, 1) { IsAsked = true }]) with { Quota = "q", Latency = Ms(2_000), Turn = Ms(2_000), Parallel = 2 }, Hundred, text, callsEnd: true);
        // Of calls that nobody else answers, the first place is free a minute later.
        forecast.Calls.ShouldBe(1);
        Seconds(forecast).ShouldBe(62 + 2, 1e-3);
    }

    [Fact]
    public void Simulation_ends_when_nobody_waits_for_it()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Should.Throw<OperationCanceledException>(() => Simulation.Run([Work(1, 1)], new Dictionary<string, QuotaNow>(StringComparer.Ordinal), 1, Noon, cancellationToken: stopped.Token));
    }

    [Fact]
    public void Nothing_to_do_takes_no_time()
    {
        var forecast = One(Work([]));
        (forecast.Calls, Seconds(forecast), forecast.Bottleneck).ShouldBe((0, 0, null));
    }

    [Fact]
    public void Half_a_million_calls_are_told_to_the_last_one()
    {
        var rates = new QuotaDefinition { Rates = [new QuotaRate(1_000, Minutes(1)), new QuotaRate(100, TimeSpan.FromSeconds(1))], ParkAfter = Minutes(10) };
        var work = Work(525, 525_000) with { Latency = Ms(100), Turn = Ms(100), Asks = new AskWork { Questions = 525_000, Parallel = 100, Each = Ms(200), Quota = "q" } };
        var forecast = One(work, rates);
        forecast.Questions.ShouldBe(525_000);
        // A thousand a minute, and the latency of each window on top.
        Seconds(forecast).ShouldBeInRange(524 * 60, 525 * 60.5);
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static TimeSpan Minutes(int minutes) => TimeSpan.FromMinutes(minutes);

    private static StreamWork Work(long pages, long records) => Work([new ReadingWork(pages, records, Math.Max(1, (records + pages - 1) / pages))]);

    private static StreamWork Work(IReadOnlyList<ReadingWork> readings) => new() { Stream = "s", Readings = readings };

    private static StreamWork Named(string name, long pages) => Work(pages, pages) with { Stream = name, Turn = Ms(1_000) };

    private static double Seconds(StreamForecast forecast) => (forecast.EndsAt - Noon).TotalSeconds;

    private static StreamForecast One(StreamWork work, QuotaDefinition? quota = null, string? state = null, bool callsEnd = false) =>
        Simulation.Run([work], quota is null ? new Dictionary<string, QuotaNow>(StringComparer.Ordinal) : new Dictionary<string, QuotaNow>(StringComparer.Ordinal) { ["q"] = new(quota, state) }, 1, Noon, callsEnd)![0];

    private static IReadOnlyList<StreamForecast> Simulate(IReadOnlyList<StreamWork> streams, QuotaDefinition quota, DateTimeOffset now) =>
        Simulate(streams, new Dictionary<string, QuotaNow>(StringComparer.Ordinal) { ["q"] = new(quota, null) }, now);

    private static IReadOnlyList<StreamForecast> Simulate(IReadOnlyList<StreamWork> streams, Dictionary<string, QuotaNow> quotas, DateTimeOffset now, int parallelStreams = 1) =>
        Simulation.Run(streams, quotas, parallelStreams, now)!;
}
