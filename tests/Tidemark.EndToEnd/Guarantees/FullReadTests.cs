using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Telemetry;

namespace Tidemark.EndToEnd.Guarantees;

/// <summary>Full reads: replace, deletions and what guards them.</summary>
public sealed class FullReadTests
{
    private static StreamDefinition Replacing => Mirror.Keyset(RowOrder.None) with { Incremental = null, WriteDisposition = WriteDisposition.Replace };

    [Fact]
    [Trait("guarantee", "G40")]
    public async Task Replace_leaves_the_old_rows_until_its_scan_is_complete()
    {
        await using var api = await ChangingApi.StartAsync(9);
        using var mirror = new Mirror(api) { Stream = Replacing };
        await mirror.RunThroughAsync();
        foreach (var item in api.Items) api.Update(item.Id);
        api.Delete(5);

        await mirror.RunAsync(new RunOptions { Limit = 6 });
        mirror.Rows().ShouldAllBe(r => (long)r["version"]! == 1);
        mirror.Rows().Count.ShouldBe(9);

        await mirror.RunThroughAsync();
        mirror.Differences().ShouldBeEmpty();
    }

    [Theory]
    [Trait("guarantee", "G41")]
    [InlineData(WriteDisposition.Replace, Deletions.Ignore, false)]
    [InlineData(WriteDisposition.Merge, Deletions.Remove, false)]
    [InlineData(WriteDisposition.Replace, Deletions.Ignore, true)]
    [InlineData(WriteDisposition.Merge, Deletions.Remove, true)]
    public async Task Empty_result_empties_the_table_only_where_that_is_allowed(WriteDisposition disposition, Deletions deletions, bool allowed)
    {
        await using var api = await ChangingApi.StartAsync(9);
        using var mirror = new Mirror(api) { Stream = Replacing with { WriteDisposition = disposition, Deletions = deletions, AllowEmpty = allowed } };
        await mirror.RunThroughAsync();
        foreach (var item in api.Items) api.Delete(item.Id);

        var report = await mirror.RunAsync();

        report.FailedSide.ShouldBe(allowed ? null : FailedSide.Destination);
        mirror.Rows().Count.ShouldBe(allowed ? 0 : 9);
    }

    [Theory]
    [Trait("guarantee", "G42")]
    [InlineData(WriteDisposition.Replace, Deletions.Ignore)]
    [InlineData(WriteDisposition.Merge, Deletions.Remove)]
    [InlineData(WriteDisposition.Merge, Deletions.Mark)]
    public async Task Losing_more_than_max_delete_changes_nothing(WriteDisposition disposition, Deletions deletions)
    {
        await using var api = await ChangingApi.StartAsync(10);
        using var mirror = new Mirror(api) { Stream = Replacing with { WriteDisposition = disposition, Deletions = deletions } };
        await mirror.RunThroughAsync();
        for (var id = 1; id <= 3; id++) api.Delete(id);

        var report = await mirror.RunAsync();
        report.FailedSide.ShouldBe(FailedSide.Destination);
        report.Error!.ShouldContain("max_delete");
        mirror.Rows().Count.ShouldBe(10);

        mirror.Stream = mirror.Stream with { MaxDelete = 0.3 };
        (await mirror.RunThroughAsync()).Count(Counter.Deleted).ShouldBe(3);
    }

    [Theory]
    [Trait("guarantee", "G43")]
    [InlineData(Deletions.Remove)]
    [InlineData(Deletions.Mark)]
    public async Task Deletions_are_told_by_complete_full_reads_only(Deletions deletions)
    {
        await using var api = await ChangingApi.StartAsync(10);
        using var mirror = new Mirror(api) { Stream = Mirror.Keyset() with { Deletions = deletions } };
        await mirror.RunThroughAsync();
        api.Delete(4);
        api.Update(7);

        (await mirror.RunThroughAsync()).Count(Counter.Deleted).ShouldBe(0);
        (await mirror.RunAsync(new RunOptions { Full = true, Limit = 3 })).Count(Counter.Deleted).ShouldBe(0);
        // It goes on with the unfinished full read.
        (await mirror.RunThroughAsync()).Count(Counter.Deleted).ShouldBe(1);

        if (deletions == Deletions.Mark) mirror.Rows().Single(r => r["_tidemark_deleted_at"] is not null)["id"].ShouldBe(4L);
        else mirror.Differences().ShouldBeEmpty();
    }

    [Fact]
    [Trait("guarantee", "G44")]
    public async Task Full_read_counts_records_that_it_passes_over_as_gone()
    {
        await using var api = await ChangingApi.StartAsync(10);
        var stream = Mirror.Keyset() with { Deletions = Deletions.Remove };
        using var mirror = new Mirror(api) { Stream = stream };
        await mirror.RunThroughAsync();
        mirror.Stream = stream with { Incremental = stream.Incremental! with { InitialValue = api.Text(api.Items.ElementAt(1).At!.Value) } };

        (await mirror.RunAsync(new RunOptions { Full = true })).Count(Counter.Deleted).ShouldBe(1);

        mirror.Ids.ShouldBe([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }
}
