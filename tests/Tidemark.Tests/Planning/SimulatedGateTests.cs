using System.Globalization;
using Tidemark.Planning;
using Tidemark.Quotas;
using Tidemark.Tests.Quotas;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Planning;

/// <summary>The simulation and the real gate, with the same work: both end at the same time.</summary>
[Trait("guarantee", "G87")]
public sealed class SimulatedGateTests
{
    public static TheoryData<string, int, int, int> Cases => new()
    {
        { "window", 1, 50, 250 },
        { "window", 8, 3_000, 250 },
        { "smooth", 4, 700, 120 },
        { "two rates", 6, 400, 300 },
        { "reserve", 3, 100, 200 },
        { "bucket", 2, 200, 150 },
        { "budget of calls", 2, 1_000, 90 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Run_ends_when_the_simulation_says(string quota, int lanes, int latency, int calls)
    {
        var definition = quota switch
        {
            "smooth" => new QuotaDefinition { Rates = [new QuotaRate(20, TimeSpan.FromSeconds(30))], Pace = QuotaPace.Smooth },
            "two rates" => new QuotaDefinition { Rates = [new QuotaRate(100, TimeSpan.FromMinutes(1)), new QuotaRate(7, TimeSpan.FromSeconds(1))] },
            "reserve" => new QuotaDefinition { Rates = [new QuotaRate(100, TimeSpan.FromMinutes(1))], Reserve = 0.25 },
            "bucket" => new QuotaDefinition { Bucket = new TokenBucket(40, 2, TimeSpan.FromSeconds(1)) },
            "budget of calls" => new QuotaDefinition { Budgets = [new QuotaBudget(BudgetUnit.Calls, 40, 1, "Europe/Paris")], ParkAfter = TimeSpan.FromDays(2) },
            _ => new QuotaDefinition { Rates = [new QuotaRate(50, TimeSpan.FromSeconds(20))] },
        };
        var time = new ManualTime();
        var (start, span, left) = (time.GetUtcNow(), TimeSpan.FromMilliseconds(latency), calls);
        var gate = new QuotaGate("q", definition, new ShiftingLedger(time), time);
        var all = Enumerable.Range(0, lanes).Select(_ => new Lane()).ToList();
        async Task WorkAsync(Lane lane)
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                lane.Permit = gate.TakeAsync(new QuotaRequest { Stream = "s", Timeout = TimeSpan.FromSeconds(30) }, default);
                var permit = await lane.Permit;
                permit.IsFresh.ShouldBeTrue();
                // Told before the timer is set: until then, one timer is missing.
                (lane.Permit, lane.Calls) = (null, true);
                await Task.Delay(span, time);
                lane.Calls = false;
                permit.Settle(new QuotaAnswer());
            }
            lane.Done = true;
        }

        // Whoever calls has a timer, and the gate has one while somebody waits for it.
        bool IsQuiet(int timers)
        {
            if (!all.TrueForAll(l => l.Done || l.Calls || l.Permit is { IsCompleted: false })) return false;
            var (calling, waiting) = (all.Count(l => l.Calls), all.Exists(l => l.Permit is { IsCompleted: false }));
            return timers == calling + 1 || (!waiting && timers == calling);
        }

        await time.DriveAsync(Task.WhenAll(all.Select(WorkAsync)), IsQuiet);
        var took = time.GetUtcNow() - start;
        await gate.DisposeAsync();

        var work = new StreamWork { Stream = "s", Readings = [.. Enumerable.Repeat(new ReadingWork(1, 1, 1), calls)], Parallel = lanes, Quota = "q", Latency = span, Turn = span };
        var forecast = Simulation.Run([work], new Dictionary<string, QuotaNow>(StringComparer.Ordinal) { ["q"] = new(definition, null) }, 1, start)![0];
        forecast.Calls.ShouldBe(calls);
        var wrong = Math.Abs((forecast.EndsAt - start - took).TotalSeconds);
        wrong.ShouldBeLessThanOrEqualTo((took.TotalSeconds * 0.02) + 1, string.Create(CultureInfo.InvariantCulture, $"ran {took}, simulated {forecast.EndsAt - start}"));
    }

    private sealed class Lane
    {
        public volatile Task<IQuotaPermit>? Permit;

        public volatile bool Calls;

        public volatile bool Done;
    }
}
