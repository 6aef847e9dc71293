using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Telemetry;

namespace Tidemark.EndToEnd.Guarantees;

/// <summary>What the watermark is, and what cursor values do to it.</summary>
public sealed class CursorValueTests
{
    [Theory]
    [Trait("guarantee", "G19")]
    [InlineData(RowOrder.Asc, true)]
    [InlineData(RowOrder.Desc, false)]
    [InlineData(RowOrder.None, false)]
    public async Task Watermark_moves_with_each_batch_in_ascending_order_only(RowOrder order, bool moves)
    {
        await using var api = await ChangingApi.StartAsync(12);
        using var mirror = new Mirror(api) { Stream = Mirror.Keyset(order) };

        (await mirror.RunAsync(new RunOptions { Limit = 6 })).WatermarkAfter.ShouldBe(moves ? api.Text(api.Items.ElementAt(5).At!.Value) : null);

        (await mirror.RunThroughAsync()).WatermarkAfter.ShouldBe(api.Text(api.Items.Last().At!.Value));
        mirror.Differences().ShouldBeEmpty();
    }

    [Fact]
    [Trait("guarantee", "G20")]
    public async Task Watermark_of_numbers_without_an_order_lags_a_run()
    {
        await using var api = await ChangingApi.StartAsync(12, numbers: true);
        using var mirror = new Mirror(api) { Stream = Mirror.Keyset(RowOrder.None) };

        // No clock says which of them may still have been on its way: the first page's largest is safe, then what the run before saw.
        (await mirror.RunThroughAsync()).WatermarkAfter.ShouldBe("3");
        var second = await mirror.RunThroughAsync();
        second.WatermarkAfter.ShouldBe("12");
        second.Count(Counter.Written).ShouldBe(0);
        (await mirror.RunThroughAsync()).Count(Counter.Duplicates).ShouldBe(1);
    }

    [Fact]
    [Trait("guarantee", "G20")]
    public async Task Time_newer_than_the_start_of_the_scan_does_not_raise_the_watermark()
    {
        await using var api = await ChangingApi.StartAsync(12);
        using var mirror = new Mirror(api) { Stream = Mirror.Keyset(RowOrder.None) };
        // Updated while it is read: what else was updated in this time, on pages already read, is not known.
        api.Before(3, () => api.Update(2)).Before(4, () => api.Update(12));

        (await mirror.RunThroughAsync()).WatermarkAfter.ShouldBe(api.Text(api.Items.ElementAt(10).At!.Value));

        mirror.Differences().ShouldBe([2]);
        await mirror.RunThroughAsync();
        mirror.Differences().ShouldBeEmpty();
    }

    [Theory]
    [Trait("guarantee", "G51")]
    [InlineData(0, true)]
    [InlineData(120, false)]
    public async Task Record_stamped_by_a_clock_behind_the_date_header_is_missed_without_a_lookback_window(int lookback, bool missed)
    {
        await using var api = await ChangingApi.StartAsync(12);
        api.DateAhead = TimeSpan.FromSeconds(60);
        var stream = Mirror.Keyset(RowOrder.None);
        using var mirror = new Mirror(api) { Stream = stream with { Incremental = stream.Incremental! with { LookbackWindow = TimeSpan.FromSeconds(lookback) } } };
        api.Before(3, () => api.Update(2)).Before(4, () => api.Update(12));

        await mirror.RunThroughAsync();
        await mirror.RunThroughAsync();

        mirror.Differences().ShouldBe(missed ? [2] : []);
    }

    [Fact]
    [Trait("guarantee", "G21")]
    public async Task Record_with_the_watermarks_own_value_is_taken_and_known_ones_are_duplicates()
    {
        await using var api = await ChangingApi.StartAsync(9);
        using var mirror = new Mirror(api);
        await mirror.RunThroughAsync();
        api.Put(10, api.Items.Last().At);

        var report = await mirror.RunThroughAsync();

        report.Count(Counter.Inserted).ShouldBe(1);
        report.Count(Counter.Duplicates).ShouldBe(1);
        mirror.Differences().ShouldBeEmpty();
    }

    [Fact]
    [Trait("guarantee", "G22")]
    public async Task Merge_of_more_records_at_the_watermark_than_are_remembered_reads_them_again_as_unchanged()
    {
        await using var api = await ChangingApi.StartAsync(1);
        for (var id = 2; id <= 10_002; id++) api.Put(id, api.Items.First().At);
        using var mirror = new Mirror(api) { Stream = Mirror.Keyset(size: 20_000) };
        await mirror.RunThroughAsync();
        api.Put(10_003, api.Items.First().At);

        var report = await mirror.RunThroughAsync();

        report.Count(Counter.Inserted).ShouldBe(1);
        report.Count(Counter.Unchanged).ShouldBe(10_002);
        mirror.Differences().ShouldBeEmpty();
    }

    [Fact]
    [Trait("guarantee", "G23")]
    public async Task Append_of_more_records_at_the_watermark_than_are_remembered_is_refused()
    {
        await using var api = await ChangingApi.StartAsync(1);
        for (var id = 2; id <= 10_001; id++) api.Put(id, api.Items.First().At);
        using var mirror = new Mirror(api) { Stream = Mirror.Keyset(size: 20_000) with { PrimaryKey = [], WriteDisposition = WriteDisposition.Append } };

        var report = await mirror.RunAsync();

        report.Status.ShouldBe(RunStatus.Failed);
        report.FailedSide.ShouldBe(FailedSide.Destination);
        report.Error!.ShouldContain("merge");
    }

    [Fact]
    [Trait("guarantee", "G24")]
    public async Task Cursor_value_far_ahead_is_taken_and_does_not_raise_the_watermark()
    {
        await using var api = await ChangingApi.StartAsync(9);
        using var mirror = new Mirror(api);
        var newest = api.Items.Last().At!.Value;
        api.Put(10, DateTimeOffset.Parse("9999-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());

        var first = await mirror.RunAllAsync();
        first.Streams[0].WatermarkAfter.ShouldBe(api.Text(newest));
        first.Warnings.ShouldContain(w => w.Contains("more than a day ahead", StringComparison.Ordinal));
        api.Update(3);

        // It is read again by each run that meets it, and hides nothing.
        (await mirror.RunThroughAsync()).Count(Counter.Unchanged).ShouldBe(1);
        mirror.Differences().ShouldBeEmpty();
    }

    [Fact]
    [Trait("guarantee", "G25")]
    public async Task Missing_cursor_value_is_taken_and_stops_nothing()
    {
        await using var api = await ChangingApi.StartAsync(9);
        using var mirror = new Mirror(api) { Stream = Mirror.Keyset(RowOrder.None) };
        api.Put(2, null);

        var first = await mirror.RunAllAsync();
        first.Warnings.ShouldContain(w => w.StartsWith("items: records without a value in the cursor field 'at': 1", StringComparison.Ordinal));
        api.Put(2, null);
        api.Update(8);

        await mirror.RunThroughAsync();
        mirror.Differences().ShouldBeEmpty();
    }

    [Theory]
    [Trait("guarantee", "G25")]
    [InlineData(OnCursorValueMissing.Exclude, RunStatus.Succeeded, 8)]
    [InlineData(OnCursorValueMissing.Fail, RunStatus.Failed, 0)]
    public async Task Missing_cursor_value_is_skipped_or_refused_where_that_is_declared(OnCursorValueMissing missing, RunStatus status, int rows)
    {
        await using var api = await ChangingApi.StartAsync(9);
        var stream = Mirror.Keyset(RowOrder.None);
        using var mirror = new Mirror(api) { Stream = stream with { Incremental = stream.Incremental! with { OnCursorValueMissing = missing } } };
        api.Put(2, null);

        (await mirror.RunAsync()).Status.ShouldBe(status);

        if (rows > 0) mirror.Rows().Count.ShouldBe(rows);
        else Tidemark.EndToEnd.Support.Database.Scalar(mirror.Database, "select count(*) from sqlite_schema where name = 'items'").ShouldBe(0L);
    }

    [Fact]
    [Trait("guarantee", "G26")]
    public async Task Missing_cursor_value_behind_the_place_where_a_descending_scan_stops_is_not_read()
    {
        await using var api = await ChangingApi.StartAsync(9);
        using var mirror = new Mirror(api);
        api.Put(2, null);
        await mirror.RunThroughAsync();
        api.Put(2, null);

        await mirror.RunThroughAsync();

        mirror.Differences().ShouldBe([2]);
    }

    [Fact]
    [Trait("guarantee", "G27")]
    public async Task Since_reads_from_there_and_leaves_the_watermark_alone()
    {
        await using var api = await ChangingApi.StartAsync(9);
        using var mirror = new Mirror(api);
        var before = (await mirror.RunThroughAsync()).WatermarkAfter;
        api.Update(1);

        var report = await mirror.RunAsync(new RunOptions { Since = api.Text(api.Items.ElementAt(5).At!.Value) });

        report.Count(Counter.Read).ShouldBe(5);
        report.Count(Counter.Updated).ShouldBe(1);
        report.WatermarkAfter.ShouldBe(before);
    }

    [Fact]
    [Trait("guarantee", "G28")]
    public async Task Initial_value_keeps_older_records_out_until_they_change()
    {
        await using var api = await ChangingApi.StartAsync(9);
        var stream = Mirror.Keyset();
        using var mirror = new Mirror(api) { Stream = stream with { Incremental = stream.Incremental! with { InitialValue = api.Text(api.Items.ElementAt(6).At!.Value) } } };

        await mirror.RunThroughAsync();
        mirror.Ids.ShouldBe([7, 8, 9]);
        await mirror.RunAsync(new RunOptions { Full = true });
        mirror.Ids.ShouldBe([7, 8, 9]);
        api.Update(1);
        await mirror.RunThroughAsync();
        mirror.Ids.ShouldBe([1, 7, 8, 9]);
    }
}
