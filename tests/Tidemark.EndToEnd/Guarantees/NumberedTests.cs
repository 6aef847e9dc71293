using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Telemetry;

namespace Tidemark.EndToEnd.Guarantees;

/// <summary>Page numbers and offsets: a place in a list, which shifts when the list changes.</summary>
public sealed class NumberedTests
{
    [Fact]
    [Trait("guarantee", "G10")]
    public async Task Descending_page_numbers_lose_nothing_to_inserts_and_updates()
    {
        await using var api = await ChangingApi.StartAsync(12);
        using var mirror = new Mirror(api) { Stream = Mirror.Numbered() };
        api.Before(2, () => api.Insert()).Before(3, () => api.Update(2)).Before(4, () => api.Update(11));

        await mirror.RunThroughAsync();
        await mirror.RunThroughAsync();

        mirror.Differences().ShouldBeEmpty();
    }

    [Fact]
    [Trait("guarantee", "G52")]
    public async Task Insertion_of_a_whole_page_looks_like_a_page_sent_twice_and_the_next_run_goes_on()
    {
        await using var api = await ChangingApi.StartAsync(12);
        using var mirror = new Mirror(api) { Stream = Mirror.Numbered() };
        api.Before(2, () =>
        {
            for (var i = 0; i < 3; i++) api.Insert();
        });

        (await mirror.RunAsync()).Error!.ShouldContain("the same page again");
        await mirror.RunThroughAsync();
        await mirror.RunThroughAsync();

        mirror.Differences().ShouldBeEmpty();
    }

    [Theory]
    [Trait("guarantee", "G11")]
    [InlineData(RowOrder.Desc, 12, 9)]
    [InlineData(RowOrder.Asc, 1, 4)]
    [InlineData(RowOrder.None, 1, 4)]
    public async Task Deletion_between_numbered_pages_loses_another_record(RowOrder order, int deleted, int lost)
    {
        await using var api = await ChangingApi.StartAsync(12);
        using var mirror = new Mirror(api) { Stream = Mirror.Numbered(order) };
        api.Before(2, () => api.Delete(deleted));
        await mirror.RunThroughAsync();
        await mirror.RunThroughAsync();

        mirror.Differences(ignoreDeleted: true).ShouldBe([lost]);

        await mirror.RunAsync(new RunOptions { Full = true });
        mirror.Differences(ignoreDeleted: true).ShouldBeEmpty();
    }

    [Fact]
    [Trait("guarantee", "G12")]
    public async Task Update_between_ascending_numbered_pages_loses_another_record()
    {
        await using var api = await ChangingApi.StartAsync(12);
        using var mirror = new Mirror(api) { Stream = Mirror.Numbered(RowOrder.Asc) };
        // The updated record goes to the end, all others move up by one.
        api.Before(2, () => api.Update(2));
        await mirror.RunThroughAsync();
        await mirror.RunThroughAsync();

        mirror.Differences().ShouldBe([4]);
    }

    [Fact]
    [Trait("guarantee", "G13")]
    public async Task Page_numbers_in_an_order_that_changes_do_not_touch_lose_nothing_to_inserts_and_updates()
    {
        await using var api = await ChangingApi.StartAsync(12);
        using var mirror = new Mirror(api) { Stream = Mirror.Numbered(RowOrder.None) };
        api.Before(2, () => api.Update(1)).Before(3, () => api.Insert()).Before(4, () => api.Update(2));

        await mirror.RunThroughAsync();
        await mirror.RunThroughAsync();

        mirror.Differences().ShouldBeEmpty();
    }

    [Theory]
    [Trait("guarantee", "G14")]
    [InlineData(RowOrder.Desc, 12)]
    [InlineData(RowOrder.Asc, 1)]
    [InlineData(RowOrder.None, 1)]
    public async Task Deletion_between_pages_by_offset_is_noticed_and_read_again(RowOrder order, int deleted)
    {
        await using var api = await ChangingApi.StartAsync(14);
        using var mirror = new Mirror(api) { Stream = Mirror.Offset(order, 4) };
        api.Before(2, () => api.Delete(deleted)).Before(4, () => api.Update(5));

        var report = await mirror.RunAllAsync();
        await mirror.RunThroughAsync();

        report.Warnings.ShouldContain(w => w.Contains("moved between two pages", StringComparison.Ordinal));
        mirror.Differences(ignoreDeleted: true).ShouldBeEmpty();
    }

    [Fact]
    [Trait("guarantee", "G15")]
    public async Task Insertion_between_pages_by_offset_reads_no_record_twice()
    {
        await using var api = await ChangingApi.StartAsync(14);
        using var mirror = new Mirror(api) { Stream = Mirror.Offset(RowOrder.Desc, 4) with { PrimaryKey = [], WriteDisposition = WriteDisposition.Append } };
        api.Before(2, () => api.Insert()).Before(3, () => api.Insert());

        await mirror.RunThroughAsync();
        await mirror.RunThroughAsync();

        mirror.Ids.ShouldBe(api.Items.Select(i => (long)i.Id));
    }

    [Fact]
    [Trait("guarantee", "G16")]
    public async Task Data_that_moves_more_often_than_a_reading_goes_back_loses_records()
    {
        await using var api = await ChangingApi.StartAsync(60);
        using var mirror = new Mirror(api) { Stream = Mirror.Offset(RowOrder.None, 4) };
        // Two deletions before every call: the reading goes back six times, then it goes on unchecked.
        for (var call = 2; call < 20; call++)
        {
            api.Before(call, () =>
            {
                api.Delete(api.Items.First().Id);
                api.Delete(api.Items.First().Id);
            });
        }

        await mirror.RunThroughAsync();
        api.Rest();
        await mirror.RunThroughAsync();

        mirror.Differences(ignoreDeleted: true).ShouldNotBeEmpty();
    }

    [Fact]
    [Trait("guarantee", "G17")]
    public async Task Offset_without_overlap_loses_records_to_a_deletion_as_page_numbers_do()
    {
        await using var api = await ChangingApi.StartAsync(12);
        using var mirror = new Mirror(api) { Stream = Mirror.Offset(RowOrder.None, overlap: false) };
        api.Before(2, () => api.Delete(1));

        var report = await mirror.RunAllAsync();

        report.Warnings.ShouldBeEmpty();
        mirror.Differences(ignoreDeleted: true).ShouldBe([4]);
    }

    [Fact]
    [Trait("guarantee", "G18")]
    public async Task Overlap_costs_one_record_a_page()
    {
        await using var api = await ChangingApi.StartAsync(13);
        using var mirror = new Mirror(api) { Stream = Mirror.Offset(RowOrder.None, 4) };

        var report = await mirror.RunThroughAsync();

        // 4, then 3 new ones a page; the last page is a short one.
        report.Count(Counter.Requests).ShouldBe(5);
        report.Count(Counter.Read).ShouldBe(13);
    }
}
