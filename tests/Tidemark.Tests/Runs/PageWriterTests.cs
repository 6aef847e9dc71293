using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Sources;
using Tidemark.Telemetry;
using Tidemark.Tests.Support;
using Tidemark.Validation;

namespace Tidemark.Tests.Runs;

public sealed class PageWriterTests
{
    private const string One = """{"id":1}""", Two = """{"id":2}""", Three = """{"id":3}""", Four = """{"id":4}""";

    [Fact]
    public async Task Batch_is_written_when_its_period_ends_while_the_source_is_slow()
    {
        using var scene = new WriterScene();
        scene.Send("a", "b", One, Two);
        var run = scene.Start();
        await scene.Time.UntilWaitingAsync(TimeSpan.FromSeconds(5));
        scene.Time.Advance(TimeSpan.FromSeconds(4.9));
        scene.Writer.CommitCount.ShouldBe(0);
        scene.Time.Advance(TimeSpan.FromSeconds(0.1));
        var checkpoint = await scene.Writer.NextCommitAsync();
        scene.Writer.Rows.ShouldBe([One, Two]);
        checkpoint.Complete.ShouldBeFalse();
        ResumePoint.FromJson(checkpoint.Resume)!.Position.ShouldBe("b");
        scene.End();
        await run;
        scene.Writer.Disk.Complete.ShouldBeTrue();
        scene.Writer.Disk.Resume.ShouldBeNull();
    }

    [Fact]
    public async Task Period_counts_from_the_first_record_of_the_batch()
    {
        using var scene = new WriterScene();
        var run = scene.Start();
        await scene.Time.UntilWaitingAsync(TimeSpan.FromSeconds(10));
        scene.Time.Advance(TimeSpan.FromSeconds(4));
        scene.Send("a", "b", One);
        await scene.Time.UntilWaitingAsync(TimeSpan.FromSeconds(5));
        scene.Time.Advance(TimeSpan.FromSeconds(3));
        scene.Send("b", "c", Two);
        await scene.Time.UntilWaitingAsync(TimeSpan.FromSeconds(2));
        scene.Time.Advance(TimeSpan.FromSeconds(2));
        ResumePoint.FromJson((await scene.Writer.NextCommitAsync()).Resume)!.Position.ShouldBe("c");
        scene.End();
        await run;
        scene.Writer.Rows.ShouldBe([One, Two]);
    }

    [Fact]
    public async Task Lease_is_renewed_while_nothing_is_committed()
    {
        using var scene = new WriterScene();
        var run = scene.Start();
        for (var renewal = 1; renewal <= 3; renewal++)
        {
            await scene.Time.UntilWaitingAsync(TimeSpan.FromSeconds(10));
            scene.Time.Advance(TimeSpan.FromSeconds(10));
            (await scene.Writer.NextRenewalAsync()).ShouldBe(renewal);
        }
        scene.Writer.CommitCount.ShouldBe(0);
        scene.End();
        await run;
    }

    [Fact]
    public async Task Commit_puts_the_renewal_off()
    {
        using var scene = new WriterScene();
        scene.Send("a", "b", One);
        var run = scene.Start();
        await scene.Time.UntilWaitingAsync(TimeSpan.FromSeconds(5));
        scene.Time.Advance(TimeSpan.FromSeconds(5));
        await scene.Writer.NextCommitAsync();
        await scene.Time.UntilWaitingAsync(TimeSpan.FromSeconds(10));
        scene.Time.Advance(TimeSpan.FromSeconds(9));
        scene.Writer.Faults.Calls[Step.Renew].ShouldBe(0);
        scene.End();
        await run;
    }

    [Fact]
    public async Task Renewal_that_fails_for_a_moment_does_not_end_the_stream()
    {
        using var scene = new WriterScene();
        scene.Writer.Faults.Temporary(Step.Renew);
        var run = scene.Start();
        for (var renewal = 1; renewal <= 2; renewal++)
        {
            await scene.Time.UntilWaitingAsync(TimeSpan.FromSeconds(10));
            scene.Time.Advance(TimeSpan.FromSeconds(10));
            await scene.Writer.NextRenewalAsync();
        }
        scene.Send("a", null, One);
        scene.End();
        await run;
        scene.Writer.Rows.ShouldBe([One]);
    }

    [Fact]
    public async Task Lost_lease_ends_the_stream()
    {
        using var scene = new WriterScene();
        scene.Writer.Faults.Plan(Step.Renew, DestinationFault.LeaseLost);
        var run = scene.Start();
        await scene.Time.UntilWaitingAsync(TimeSpan.FromSeconds(10));
        scene.Time.Advance(TimeSpan.FromSeconds(10));
        (await Should.ThrowAsync<DestinationException>(() => run)).Fault.ShouldBe(DestinationFault.LeaseLost);
    }

    [Fact]
    public async Task Full_batch_is_written_inside_a_page_with_the_place_in_it()
    {
        using var scene = new WriterScene { Stream = Rows() with { Batch = WriterScene.Batch(count: 2) } };
        scene.Send("a", "b", One, Two, Three);
        scene.End(complete: false, new SourceException("gone"));
        await scene.Time.DriveAsync(scene.Start());
        var first = ResumePoint.FromJson((await scene.Writer.NextCommitAsync()).Resume)!;
        (first.Position, first.Done, first.Read).ShouldBe(("a", 2, 2));
        first.LastDone.ShouldNotBeNull();
        var second = ResumePoint.FromJson(scene.Writer.Disk.Resume)!;
        (second.Position, second.Done, second.Read).ShouldBe(("b", 0, 3));
        scene.Writer.Disk.Complete.ShouldBeFalse();
        scene.Writer.CommitCount.ShouldBe(2);
    }

    [Fact]
    public async Task Last_page_is_committed_together_with_the_end_of_the_scan()
    {
        using var scene = new WriterScene { Stream = Rows() with { Batch = WriterScene.Batch(count: 2) } };
        await scene.RunAsync([One, Two], [Three, Four]);
        scene.Writer.CommitCount.ShouldBe(2);
        scene.Writer.Disk.ShouldSatisfyAllConditions(c => c.Complete.ShouldBeTrue(), c => c.LastFullRead.ShouldBe(4), c => c.BatchNumber.ShouldBe(2), c => c.LastSuccess.ShouldNotBeNull());
    }

    [Fact]
    public async Task Last_page_waits_for_the_end_of_the_scan_though_its_period_ends()
    {
        using var scene = new WriterScene();
        scene.Send("a", null, One, Two);
        var run = scene.Start();
        await scene.Time.UntilWaitingAsync(TimeSpan.FromSeconds(10));
        scene.Time.Advance(TimeSpan.FromSeconds(6));
        // At this point nothing may be on disk: there is no place behind the last page to go on from.
        scene.Writer.CommitCount.ShouldBe(0);
        scene.End();
        await run;
        (scene.Writer.CommitCount, scene.Writer.Disk.Complete).ShouldBe((1, true));
    }

    [Fact]
    public async Task Empty_source_completes_its_scan()
    {
        using var scene = new WriterScene();
        await scene.RunAsync([]);
        scene.Writer.Disk.Complete.ShouldBeTrue();
        scene.Writer.Disk.LastFullRead.ShouldBe(0);
        scene.Counters[Counter.Batches].ShouldBe(0);
        scene.Counters[Counter.Commits].ShouldBe(1);
    }

    [Theory]
    [InlineData(RowOrder.Asc, "2026-01-02")]
    [InlineData(RowOrder.None, null)]
    [InlineData(RowOrder.Desc, null)]
    public async Task Watermark_moves_before_the_end_only_in_ascending_order(RowOrder order, string? expected)
    {
        using var scene = new WriterScene { Stream = Rows() with { Incremental = new IncrementalDefinition { CursorField = "at", RowOrder = order } } };
        string[] records = ["""{"id":1,"at":"2026-01-01"}""", """{"id":2,"at":"2026-01-02"}"""];
        scene.Send("a", "b", order == RowOrder.Desc ? [.. records.Reverse()] : records);
        scene.End(complete: false, new SourceException("gone"));
        await scene.Time.DriveAsync(scene.Start());
        scene.Writer.Disk.Watermark.ShouldBe(expected);
        scene.Writer.Rows.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Rejected_records_close_a_batch_as_others_do_and_are_counted_when_they_are_on_disk()
    {
        using var scene = new WriterScene { Stream = Rows() with { Rules = [new ValidationRule(JsonPath.Parse("name"), new RequiredRule())], MaxFailed = 20_000 } };
        var records = Enumerable.Range(0, 12_000).Select(i => i % 4000 == 0 ? $$"""{"id":{{i}},"name":"x"}""" : $$"""{"id":{{i}}}""").ToArray();
        await scene.RunAsync(records);
        (scene.Writer.CommitCount, scene.Writer.Rows.Count).ShouldBe((3, 3));
        (scene.Counters[Counter.Read], scene.Counters[Counter.Inserted], scene.Counters[Counter.Failed]).ShouldBe((12_000, 3, 11_997));
        scene.Rejected.ShouldBe(new Dictionary<string, long>(StringComparer.Ordinal) { ["name: required"] = 11_997 });
        scene.Failures!.All.Select(r => r.Reason).Distinct(StringComparer.Ordinal).ShouldBe(["name: required: found nothing, expected a value"]);
    }

    [Fact]
    public async Task Batch_that_is_tried_again_counts_its_rejected_records_once()
    {
        using var scene = new WriterScene { Stream = Rows() with { Rules = [new ValidationRule(JsonPath.Parse("name"), new RequiredRule())] } };
        scene.Writer.Faults.Temporary(Step.CommitLost, 2);
        await scene.RunAsync([One, """{"id":2,"name":"x"}"""]);
        scene.Counters[Counter.Retries].ShouldBe(2);
        scene.Rejected["name: required"].ShouldBe(1);
    }

    private static StreamDefinition Rows() => new() { Name = "rows", Request = new FakeRequest(), PrimaryKey = ["id"] };
}
