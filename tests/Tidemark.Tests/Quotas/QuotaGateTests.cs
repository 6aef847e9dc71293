using Tidemark.Quotas;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Quotas;

public class QuotaGateTests
{
    private readonly ManualTime _time = new();
    private readonly ShiftingLedger _ledger;

    public QuotaGateTests() => _ledger = new ShiftingLedger(_time);

    [Theory]
    [Trait("guarantee", "G63")]
    [InlineData(1, 0)]
    [InlineData(1, 3000)]
    [InlineData(2, 0)]
    [InlineData(2, 3000)]
    public async Task Gates_of_one_ledger_share_what_is_allowed(int gates, int latency)
    {
        const int Limit = 10, Calls = 60, Workers = 8;
        var interval = TimeSpan.FromSeconds(20);
        var all = Enumerable.Range(0, gates).Select(_ => Gate(Limit, interval)).ToList();
        var arrivals = new List<DateTimeOffset>();
        var (left, random) = (Calls, new Random(7));
        async Task WorkAsync(QuotaGate gate)
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                IQuotaPermit permit;
                DateTimeOffset sentAt;
                while (true)
                {
                    permit = await gate.TakeAsync(Request(), default);
                    sentAt = _time.GetUtcNow();
                    // The clock of this test moves while others work, further than any call may wait.
                    if (permit.IsFresh) break;
                    permit.Settle(new QuotaAnswer { Sent = false });
                }
                TimeSpan there, back;
                lock (random) (there, back) = (TimeSpan.FromMilliseconds(random.Next(latency + 1)), TimeSpan.FromMilliseconds(random.Next(latency + 1)));
                lock (arrivals) arrivals.Add(sentAt + there);
                if (latency > 0) await Task.Delay(there + back, _time);
                permit.Settle(new QuotaAnswer());
            }
        }
        await _time.DriveAsync(Task.WhenAll(all.SelectMany(g => Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(g))))));
        arrivals.Sort();
        arrivals.Count.ShouldBe(Calls);
        for (var i = Limit; i < Calls; i++) (arrivals[i] - arrivals[i - Limit]).ShouldBeGreaterThanOrEqualTo(interval);
        foreach (var gate in all) await gate.DisposeAsync();
        _ledger.Read("q").Flying.ShouldBeEmpty();
    }

    [Fact]
    public async Task Higher_priority_goes_first_then_who_came_first()
    {
        await using var gate = Gate(1, TimeSpan.FromSeconds(10));
        (await gate.TakeAsync(Request(), default)).Settle(new QuotaAnswer());
        var waiting = new[] { ("a", 0), ("b", 0), ("first", 5), ("last", -1) }.Select(w => (Name: w.Item1, Permit: gate.TakeAsync(Request() with { Priority = w.Item2 }, default))).ToList();
        var all = Task.WhenAll(waiting.Select(w => w.Permit));
        await _time.DriveAsync(all);
        waiting.Zip(await all).OrderBy(w => w.Second.Waited).Select(w => w.First.Name).ShouldBe(["first", "a", "b", "last"]);
    }

    [Fact]
    public async Task Who_has_to_wait_is_told_once_and_who_has_not_is_not()
    {
        await using var gate = Gate(1, TimeSpan.FromSeconds(10));
        var told = new List<string>();
        (await gate.TakeAsync(Request() with { OnWait = () => told.Add("first") }, default)).Settle(new QuotaAnswer());
        var waiting = new[] { "second", "third" }.Select(w => gate.TakeAsync(Request() with { OnWait = () => told.Add(w) }, default)).ToList();
        await _time.DriveAsync(Task.WhenAll(waiting));
        told.ShouldBe(["second", "third"]);
    }

    [Fact]
    public async Task Who_stops_waiting_spends_nothing()
    {
        await using var gate = Gate(1, TimeSpan.FromSeconds(10));
        (await gate.TakeAsync(Request(), default)).Settle(new QuotaAnswer());
        using var stop = new CancellationTokenSource();
        var stopped = gate.TakeAsync(Request(), stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => stopped);
        var next = gate.TakeAsync(Request(), default);
        await _time.DriveAsync(next);
        (await next).Waited.ShouldBe(TimeSpan.FromSeconds(10));
        _ledger.Read("q").Streams["s"].Calls.ShouldBe(2);
    }

    [Fact]
    public async Task Permit_that_comes_too_late_to_be_taken_is_given_back()
    {
        await using var gate = Gate(1, TimeSpan.FromMinutes(1));
        var open = new TaskCompletionSource();
        _ledger.Open = open.Task;
        using var stop = new CancellationTokenSource();
        var stopped = gate.TakeAsync(Request(), stop.Token);
        await stop.CancelAsync();
        open.SetResult();
        await Should.ThrowAsync<OperationCanceledException>(() => stopped);
        (await gate.TakeAsync(Request(), default)).Waited.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Wait_beyond_park_after_parks_and_says_until_when_and_why()
    {
        await using var gate = Gate(1, TimeSpan.FromMinutes(10));
        (await gate.TakeAsync(Request(), default)).Settle(new QuotaAnswer());
        var parked = await Should.ThrowAsync<ParkedException>(() => gate.TakeAsync(Request(), default));
        parked.Until.ShouldBe(_time.GetUtcNow() + TimeSpan.FromMinutes(10));
        parked.Message.ShouldBe("the quota 'q' asks to wait 10m: 1 in 10m are used up");
    }

    [Fact]
    [Trait("guarantee", "G68")]
    public async Task Retry_after_is_a_floor_that_a_shorter_one_does_not_lower()
    {
        await using var gate = Gate(100, TimeSpan.FromMinutes(1));
        var (one, two) = (await gate.TakeAsync(Request(), default), await gate.TakeAsync(Request(), default));
        one.Settle(new QuotaAnswer { RetryAfter = TimeSpan.FromHours(2) });
        two.Settle(new QuotaAnswer { RetryAfter = TimeSpan.FromSeconds(1) });
        (await Should.ThrowAsync<ParkedException>(() => gate.TakeAsync(Request(), default))).Until.ShouldBe(_time.GetUtcNow() + TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task Rubbish_of_a_server_breaks_nothing()
    {
        await using var gate = Gate(100, TimeSpan.FromMinutes(1));
        foreach (var number in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1 })
        {
            (await gate.TakeAsync(Request(), default)).Settle(new QuotaAnswer
            {
                Cost = number, Remaining = number, ResetAfter = TimeSpan.FromTicks(-1), Balance = double.IsFinite(number) ? 5 : number, Capacity = number, RefillPerSecond = number, RetryAfter = TimeSpan.MinValue,
            });
        }
        (await gate.TakeAsync(Request(), default)).Settle(new QuotaAnswer { RetryAfter = TimeSpan.MaxValue, Remaining = 0, ResetAfter = TimeSpan.MaxValue });
        (await Should.ThrowAsync<ParkedException>(() => gate.TakeAsync(Request(), default))).Until.Year.ShouldBe(2125);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => gate.TakeAsync(Request() with { Cost = double.NaN }, default));
    }

    [Fact]
    public async Task Error_of_the_ledger_comes_out_and_what_has_ended_is_written_later()
    {
        await using var gate = Gate(2, TimeSpan.FromMinutes(10));
        var permit = await gate.TakeAsync(Request(), default);
        _ledger.Error = new InvalidOperationException("no ledger");
        permit.Settle(new QuotaAnswer { Sent = false });
        (await Should.ThrowAsync<InvalidOperationException>(() => gate.TakeAsync(Request(), default))).Message.ShouldBe("no ledger");
        _ledger.Error = null;
        await gate.TakeAsync(Request(), default);
        await gate.TakeAsync(Request(), default);
        _ledger.Read("q").Flying.Count.ShouldBe(2);
    }

    [Fact]
    public async Task One_transaction_serves_all_that_wait()
    {
        await using var gate = Gate(100, TimeSpan.FromMinutes(10));
        var open = new TaskCompletionSource();
        _ledger.Open = open.Task;
        var waiting = Enumerable.Range(0, 50).Select(_ => gate.TakeAsync(Request(), default)).ToList();
        open.SetResult();
        foreach (var permit in await Task.WhenAll(waiting)) permit.Settle(new QuotaAnswer());
        _ledger.Updates.ShouldBeLessThanOrEqualTo(2);
        await gate.DisposeAsync();
        _ledger.Read("q").Ended.Sum(e => e.Cost).ShouldBe(50);
    }

    [Fact]
    public async Task Permit_is_fresh_for_five_seconds_and_settled_once()
    {
        await using var gate = Gate(10, TimeSpan.FromMinutes(1));
        var permit = await gate.TakeAsync(Request(), default);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        permit.IsFresh.ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(0.1));
        permit.IsFresh.ShouldBeFalse();
        permit.Settle(new QuotaAnswer { Sent = false });
        permit.Settle(new QuotaAnswer());
        await gate.DisposeAsync();
        _ledger.Read("q").Streams["s"].ShouldBe(new StreamSpending(0, 0));
    }

    [Theory]
    [Trait("guarantee", "G64")]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Clock_that_is_set_by_an_hour_neither_blocks_nor_allows_more(int hours)
    {
        var interval = TimeSpan.FromSeconds(30);
        await using var gate = Gate(2, interval);
        var sent = new List<DateTimeOffset>();
        for (var i = 0; i < 8; i++)
        {
            if (i == 3) _ledger.ClockError = TimeSpan.FromHours(hours);
            var taking = gate.TakeAsync(Request(), default);
            await _time.DriveAsync(taking);
            sent.Add(_time.GetUtcNow());
            (await taking).Settle(new QuotaAnswer());
        }
        for (var i = 2; i < sent.Count; i++) (sent[i] - sent[i - 2]).ShouldBeInRange(interval, interval + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Records_of_a_budget_are_shared_waited_for_and_given_back()
    {
        var definition = new QuotaDefinition { Budgets = [new QuotaBudget(BudgetUnit.Records, 100)], ParkAfter = TimeSpan.FromHours(13) };
        await using var gate = new QuotaGate("q", definition, _ledger, _time);
        await using var strict = new QuotaGate("q", definition with { ParkAfter = TimeSpan.FromHours(11) }, _ledger, _time);
        (await gate.TakeRecordsAsync("s", 70, default)).ShouldBe(70);
        (await strict.TakeRecordsAsync("t", 70, default)).ShouldBe(30);
        // Noon, so that the next day is twelve hours away.
        var parked = await Should.ThrowAsync<ParkedException>(() => strict.TakeRecordsAsync("t", 1, default));
        (parked.Until, parked.Message).ShouldBe((new DateTimeOffset(2026, 1, 11, 0, 0, 0, TimeSpan.Zero), "the quota 'q' asks to wait 12h: the budget of 100 records per 1d (UTC) is spent"));
        await strict.ReturnRecordsAsync("t", 10, default);
        (await gate.TakeRecordsAsync("s", 20, default)).ShouldBe(10);
        var waiting = gate.TakeRecordsAsync("s", 1000, default);
        await _time.DriveAsync(waiting);
        ((await waiting), _time.GetUtcNow()).ShouldBe((100, parked.Until));
        // They were taken on the day before: this one has nothing to get back.
        await gate.ReturnRecordsAsync("s", 50, default);
        await Should.ThrowAsync<ParkedException>(() => strict.TakeRecordsAsync("t", 1, default));
    }

    private static QuotaRequest Request() => new() { Stream = "s", Timeout = TimeSpan.FromSeconds(10) };

    private QuotaGate Gate(int limit, TimeSpan interval) => new("q", new QuotaDefinition { Rates = [new QuotaRate(limit, interval)] }, _ledger, _time);
}
