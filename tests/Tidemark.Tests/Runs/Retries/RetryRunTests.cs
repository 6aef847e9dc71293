using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Records;
using Tidemark.Runs;
using Tidemark.Runs.Retries;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Runs.Retries;

public sealed class RetryRunTests
{
    private static readonly string[] Three = [RetryScene.Row(1), RetryScene.Row(2), RetryScene.Row(3)];

    [Fact]
    public async Task Written_records_are_resolved_and_refused_ones_stay_open_with_their_new_reason()
    {
        var scene = new RetryScene { Writer = new FakeWriter { Refuses = r => r == Three[1] } };
        await scene.FailAsync([.. Three, "no JSON"]);
        var report = await scene.RetryAsync();
        scene.Writer.Rows.ShouldBe([Three[0], Three[2]]);
        (report.Status, report.Streams.Single()).ShouldBe((RunStatus.Partial, new StreamRetryReport
        {
            Stream = "rows", Status = RunStatus.Partial, Selected = 4, Resolved = 2, StillFailing = 2, SchemaChanges = scene.Writer.SchemaChanges,
        }));
        scene.Closed(FailedRecordStatus.Resolved).ShouldBe([Three[0], Three[2]]);
        var open = scene.Store.All.Where(r => r.Status == FailedRecordStatus.Open).ToList();
        open.Select(r => (r.Attempts, r.RunId)).ShouldBe([(2, "r"), (2, "r")]);
        open[0].Reason.ShouldBe($"refused {Three[1]}");
        open[1].Reason.ShouldStartWith("the record is not JSON");
    }

    [Fact]
    public async Task Record_that_came_too_late_is_superseded()
    {
        var scene = new RetryScene { Writer = new FakeWriter { Older = r => r == Three[0] } };
        await scene.FailAsync(Three);
        var report = await scene.RetryAsync();
        (report.Status, report.Streams.Single().Resolved, report.Streams.Single().Superseded).ShouldBe((RunStatus.Succeeded, 2, 1));
        scene.Closed(FailedRecordStatus.Superseded).ShouldBe([Three[0]]);
    }

    [Fact]
    public async Task Payload_is_read_as_the_stream_is_configured_now()
    {
        const string Text = """{"id":1,"amount":"12 EUR"}""";
        var declared = RetryScene.Stream() with { Columns = [new DeclaredColumn("amount", null, ColumnType.Bigint)] };
        var before = new RetryScene { Streams = [declared] };
        await before.FailAsync(Text);
        (await before.RetryAsync()).Streams.Single().StillFailing.ShouldBe(1);
        before.Store.All.Single().Reason.ShouldBe("found the text '12 EUR' in 'amount', expected bigint as declared");

        var mended = new RetryScene { Streams = [declared with { Columns = [] }] };
        await mended.FailAsync(Text);
        (await mended.RetryAsync()).Streams.Single().Resolved.ShouldBe(1);
    }

    [Fact]
    public async Task Many_records_go_in_several_transactions_and_only_the_batch_number_of_the_checkpoint_moves()
    {
        var scene = new RetryScene();
        await scene.FailAsync([.. Enumerable.Range(0, 1200).Select(RetryScene.Row)]);
        var seen = new List<long>();
        (await scene.RetryAsync(progress: r => seen.Add(r.Resolved))).Streams.Single().Resolved.ShouldBe(1200);
        seen.ShouldBe([500, 1000, 1200]);
        scene.Writer.Disk.ShouldBe(Checkpoints.Checkpoint.None with { BatchNumber = 4 });
        scene.Writer.Queued.ShouldBeEmpty();
        scene.Writer.Rows.ShouldBe(Enumerable.Range(0, 1200).Select(RetryScene.Row));
    }

    [Fact]
    public async Task Only_what_is_asked_for_is_tried()
    {
        var scene = new RetryScene { Streams = [RetryScene.Stream(), RetryScene.Stream("others")] };
        var ids = await scene.FailAsync(Three);
        await scene.FailAsync("others", [RetryScene.Row(9)]);
        (await scene.RetryAsync(new RetryOptions { Ids = [ids[1]] })).Streams.Select(s => (s.Stream, s.Selected)).ShouldBe([("rows", 1)]);
        scene.Writer.Rows.ShouldBe([Three[1]]);
        (await scene.RetryAsync(new RetryOptions { Streams = ["others"] })).Streams.Select(s => (s.Stream, s.Resolved)).ShouldBe([("others", 1)]);
        (await scene.RetryAsync()).Streams.Select(s => (s.Stream, s.Resolved)).ShouldBe([("rows", 2)]);
        (await scene.RetryAsync()).Streams.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("id", WriteDisposition.Merge)]
    [InlineData(null, WriteDisposition.Append)]
    public async Task Stream_that_replaces_its_table_gets_the_record_into_the_table_that_is_there(string? key, WriteDisposition expected)
    {
        var scene = new RetryScene { Streams = [RetryScene.Stream() with { WriteDisposition = WriteDisposition.Replace, PrimaryKey = key is null ? [] : [key] }] };
        await scene.FailAsync(Three);
        (await scene.RetryAsync()).Status.ShouldBe(RunStatus.Succeeded);
        scene.Writer.Target!.Disposition.ShouldBe(expected);
    }

    [Fact]
    public async Task Stream_whose_replacement_has_not_ended_is_left_alone()
    {
        var scene = new RetryScene { Streams = [RetryScene.Stream() with { WriteDisposition = WriteDisposition.Replace }], Writer = new FakeWriter { Disk = Checkpoints.Checkpoint.None with { Resume = "{}" } } };
        await scene.FailAsync(Three);
        var report = await scene.RetryAsync();
        (report.Status, scene.Open.Length, scene.Writer.CommitCount).ShouldBe((RunStatus.Failed, 3, 0));
        report.Streams.Single().Error!.ShouldContain("full read that has not ended");
    }

    [Fact]
    public async Task Children_are_asked_for_when_their_parent_is_there()
    {
        var child = RetryScene.Stream("child") with { Parent = new ParentDefinition("rows", ["id"]) };
        var scene = new RetryScene { Streams = [RetryScene.Stream(), child], Writer = new FakeWriter { Refuses = r => r == Three[0], Older = r => r == Three[1] } };
        await scene.FailAsync(Three);
        await scene.RetryAsync();
        scene.Writer.Queued.Select(q => (q.Queue, System.Text.Encoding.UTF8.GetString(q.Item.Span))).ShouldBe([("p/child", """{"id":"3"}""")]);
    }

    [Fact]
    public async Task Stop_ends_after_the_transaction_in_hand()
    {
        using var stopping = new CancellationTokenSource();
        var scene = new RetryScene();
        await scene.FailAsync([.. Enumerable.Range(0, 700).Select(RetryScene.Row)]);
        var report = await scene.RetryAsync(stopping: stopping.Token, progress: _ => stopping.Cancel());
        (report.Status, scene.Writer.Rows.Count, scene.Open.Length).ShouldBe((RunStatus.Interrupted, 500, 200));
        (await scene.RetryAsync()).Status.ShouldBe(RunStatus.Succeeded);
        scene.Writer.Rows.Count.ShouldBe(700);
    }
}
