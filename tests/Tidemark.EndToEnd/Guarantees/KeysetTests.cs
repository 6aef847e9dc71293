using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Telemetry;

namespace Tidemark.EndToEnd.Guarantees;

/// <summary>Keyset paging and stable cursors: a position marks a record, not a place in a list.</summary>
public sealed class KeysetTests
{
    private const int Histories = 10;

    [Theory]
    [Trait("guarantee", "G1")]
    [Trait("guarantee", "G2")]
    [Trait("guarantee", "G3")]
    [InlineData(RowOrder.Desc)]
    [InlineData(RowOrder.Asc)]
    [InlineData(RowOrder.None)]
    public async Task Mirror_equals_the_source_whatever_is_inserted_and_updated_while_it_is_read(RowOrder order)
    {
        for (var seed = 0; seed < Histories; seed++)
        {
            var random = new Random(seed);
            await using var api = await ChangingApi.StartAsync(5 + random.Next(12));
            using var mirror = new Mirror(api) { Stream = Mirror.Keyset(order, 2 + random.Next(3)) };
            for (var run = 0; run < 4; run++)
            {
                using var stop = new CancellationTokenSource();
                for (var call = 1; call < 8; call++)
                {
                    if (random.Next(2) == 0) api.Before(call, () => Change(api, random));
                    // Now and then a run is stopped in the middle.
                    else if (random.Next(8) == 0) api.Before(call, stop.Cancel);
                }
                await mirror.RunAsync(null, stop.Token);
                api.Rest();
                Change(api, random);
            }

            // The first run may finish an older scan, the second begins after the last change.
            await mirror.RunThroughAsync();
            await mirror.RunThroughAsync();

            mirror.Differences().ShouldBeEmpty($"history {seed}");
        }
    }

    [Fact]
    [Trait("guarantee", "G4")]
    public async Task Deletion_at_the_source_leaves_its_row_and_hides_no_other_record()
    {
        await using var api = await ChangingApi.StartAsync(9);
        using var mirror = new Mirror(api);
        api.Before(2, () => api.Delete(8)).Before(3, () => api.Delete(5));

        await mirror.RunThroughAsync();

        mirror.Differences(ignoreDeleted: true).ShouldBeEmpty();
        mirror.Ids.ShouldContain(8);
    }

    [Fact]
    [Trait("guarantee", "G5")]
    public async Task Descending_scan_ends_with_the_page_of_the_first_older_record()
    {
        await using var api = await ChangingApi.StartAsync(30);
        using var mirror = new Mirror(api);
        await mirror.RunThroughAsync();
        api.Update(4);
        api.Update(7);
        var calls = api.Seen.Count;

        var report = await mirror.RunThroughAsync();

        (api.Seen.Count - calls).ShouldBe(2);
        report.Count(Counter.Read).ShouldBe(2);
        report.Count(Counter.Duplicates).ShouldBe(1);
        report.StoppedEarly.ShouldNotBeNull();
    }

    [Fact]
    [Trait("guarantee", "G6")]
    public async Task Update_that_does_not_move_the_cursor_is_seen_by_a_full_run_only()
    {
        await using var api = await ChangingApi.StartAsync(9);
        using var mirror = new Mirror(api);
        await mirror.RunThroughAsync();
        api.Put(4, api.Items.Single(i => i.Id == 4).At);

        await mirror.RunThroughAsync();
        mirror.Differences().ShouldBe([4]);

        (await mirror.RunAsync(new RunOptions { Full = true })).Count(Counter.Updated).ShouldBe(1);
        mirror.Differences().ShouldBeEmpty();
    }

    [Theory]
    [Trait("guarantee", "G7")]
    [InlineData(0, true)]
    [InlineData(60, false)]
    public async Task Record_that_arrives_late_is_missed_without_a_lookback_window(int lookback, bool missed)
    {
        await using var api = await ChangingApi.StartAsync(9);
        var stream = Mirror.Keyset();
        using var mirror = new Mirror(api) { Stream = stream with { Incremental = stream.Incremental! with { LookbackWindow = TimeSpan.FromSeconds(lookback) } } };
        await mirror.RunThroughAsync();
        var watermark = api.Items.Max(i => i.At)!.Value;
        api.Put(10, watermark - 30_000);

        await mirror.RunThroughAsync();

        mirror.Differences().ShouldBe(missed ? [10] : []);
    }

    [Fact]
    [Trait("guarantee", "G8")]
    public async Task Broken_order_that_shows_is_warned_about_and_read_to_the_end()
    {
        await using var api = await ChangingApi.StartAsync(12);
        // Declared desc, but the API sorts by id.
        using var mirror = new Mirror(api) { Stream = Mirror.Keyset(RowOrder.None) with { Incremental = new IncrementalDefinition { CursorField = "at", RowOrder = RowOrder.Desc } } };
        var first = await mirror.RunAllAsync();
        first.Warnings.ShouldContain(w => w.Contains("order", StringComparison.Ordinal));
        mirror.Differences().ShouldBeEmpty();
    }

    [Fact]
    [Trait("guarantee", "G9")]
    public async Task Wrongly_declared_order_that_does_not_show_loses_records()
    {
        await using var api = await ChangingApi.StartAsync(12);
        using var mirror = new Mirror(api) { Stream = Mirror.Keyset(RowOrder.None, size: 1) with { Incremental = new IncrementalDefinition { CursorField = "at", RowOrder = RowOrder.Desc } } };
        await mirror.RunThroughAsync();
        api.Update(9);

        var second = await mirror.RunAllAsync();

        // The first record that comes is older than the watermark: the scan stops there, and nothing tells that the order is another one.
        second.Warnings.ShouldBeEmpty();
        mirror.Differences().ShouldBe([9]);
        await mirror.RunAsync(new RunOptions { Full = true });
        mirror.Differences().ShouldBeEmpty();
    }

    private static void Change(ChangingApi api, Random random)
    {
        if (random.Next(2) == 0) api.Insert();
        else api.Update(api.Items.ElementAt(random.Next(api.Items.Count)).Id);
    }
}
