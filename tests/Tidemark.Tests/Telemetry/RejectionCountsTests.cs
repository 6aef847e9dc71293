using Tidemark.Telemetry;

namespace Tidemark.Tests.Telemetry;

public sealed class RejectionCountsTests
{
    [Fact]
    public async Task Count_is_exact_and_the_number_of_reasons_bounded_when_many_count_at_once()
    {
        const int Tasks = 8, Each = 20_000, Reasons = 250;
        var counts = new RejectionCounts();
        using var start = new Barrier(Tasks);
        await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            for (var i = 0; i < Each; i++) counts.Add($"f{i % Reasons}: required");
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        var snapshot = counts.Snapshot();
        snapshot.Values.Sum().ShouldBe(Tasks * Each);
        snapshot.Count.ShouldBe(RejectionCounts.Most + 1);
        snapshot.First().ShouldBe(KeyValuePair.Create(RejectionCounts.Others, (long)Tasks * Each * (Reasons - RejectionCounts.Most) / Reasons));
        snapshot.Skip(1).ShouldAllBe(c => c.Value == Tasks * Each / Reasons);
    }

    [Fact]
    public void Most_frequent_reason_comes_first()
    {
        var counts = new RejectionCounts();
        foreach (var reason in (string[])["b", "c", "a", "c"]) counts.Add(reason);
        counts.Snapshot().Select(c => $"{c.Key}{c.Value}").ShouldBe(["c2", "a1", "b1"]);
    }
}
