using FsCheck;
using FsCheck.Fluent;
using Tidemark.Destinations;
using Tidemark.Quotas;
using Tidemark.Runs;
using Tidemark.Telemetry;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Runs;

/// <summary>Runs under a budget of records a day, until all is read.</summary>
public class RecordBudgetTests
{
    [Fact]
    [Trait("guarantee", "G66")]
    public void Days_take_the_budget_to_the_last_record_and_lose_none() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(40), Prop.ForAll<byte[]>(script => ImportAsync(script ?? []).GetAwaiter().GetResult()));

    [Fact]
    public async Task Spent_budget_costs_no_call()
    {
        using var scene = new WriterScene();
        var ledger = new MemoryLedger(scene.Time);
        await using var gate = Gate(ledger, scene.Time, limit: 2);
        await gate.TakeRecordsAsync("another", 2, default);
        var asked = 0;
        var report = await RunAsync(scene, gate, new FakeSource([["""{"id":1}"""]], _ => asked++));
        (report.Status, report.ParkedUntil, asked).ShouldBe((RunStatus.Parked, new DateTimeOffset(2026, 1, 11, 0, 0, 0, TimeSpan.Zero), 0));
    }

    [Fact]
    public async Task Records_that_could_not_be_written_are_given_back()
    {
        using var scene = new WriterScene { Writer = new FakeWriter { Faults = new Faults() } };
        scene.Writer.Faults.Plan(Step.Write, DestinationFault.Fatal);
        var ledger = new MemoryLedger(scene.Time);
        await using var gate = Gate(ledger, scene.Time, limit: 10);
        var report = await RunAsync(scene, gate, new FakeSource([["""{"id":1}""", """{"id":2}"""]]));
        report.Status.ShouldBe(RunStatus.Failed);
        (await gate.TakeRecordsAsync("another", 100, default)).ShouldBe(10);
    }

    private static async Task<bool> ImportAsync(byte[] script)
    {
        var next = 0;
        int Choose(int below) => next < script.Length ? script[next++] % below : 0;
        var number = 0;
        var pages = Enumerable.Range(0, 1 + Choose(5)).Select(_ => Enumerable.Range(0, Choose(7)).Select(_ => $$"""{"id":{{++number}}}""").ToArray()).ToList();
        using var scene = new WriterScene { Stream = new StreamDefinition { Name = "rows", Request = new FakeRequest(), Batch = WriterScene.Batch(count: 1 + Choose(4)) } };
        var ledger = new MemoryLedger(scene.Time);
        var limit = 1 + Choose(6);
        for (var day = 0; !scene.Writer.Disk.Complete; day++)
        {
            await using var gate = Gate(ledger, scene.Time, limit);
            var before = scene.Writer.Rows.Count;
            var report = await RunAsync(scene, gate, new FakeSource(pages));
            (scene.Writer.Rows.Count - before).ShouldBe(Math.Min(limit, number - before));
            if (report.Status != RunStatus.Parked) continue;
            scene.Time.Advance(report.ParkedUntil!.Value - scene.Time.GetUtcNow());
            day.ShouldBeLessThanOrEqualTo(number);
        }
        scene.Writer.Rows.ShouldBe(pages.SelectMany(p => p));
        return true;
    }

    // The clock stands: nothing here has to wait.
    private static Task<StreamReport> RunAsync(WriterScene scene, QuotaGate gate, FakeSource source) =>
        new StreamRun(scene.Context() with { Quota = gate, Counters = new StreamCounters() }, source, scene.Writer, new RunOptions()).RunAsync(CancellationToken.None);

    private static QuotaGate Gate(MemoryLedger ledger, ManualTime time, long limit) => new("q", new QuotaDefinition { Budgets = [new QuotaBudget(BudgetUnit.Records, limit)] }, ledger, time);
}
