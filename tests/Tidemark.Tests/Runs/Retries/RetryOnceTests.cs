using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Runs;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Runs.Retries;

/// <summary>Store and destination are two databases: whatever fails between them, an appended record is there once.</summary>
public sealed class RetryOnceTests
{
    private static readonly string[] Rows = [.. Enumerable.Range(0, 700).Select(RetryScene.Row)];

    [Theory]
    [InlineData("GetAsync", 1)]
    [InlineData("CloseAsync", 1)]
    [InlineData("GetAsync", 2)]
    [InlineData("CloseAsync", 2)]
    [InlineData("AddAsync", 1)]
    public async Task Store_that_dies_at_any_call_leaves_nothing_lost_and_nothing_twice(string call, int time)
    {
        var scene = new RetryScene { Writer = new FakeWriter { Refuses = r => r == Rows[3] } };
        await scene.FailAsync(Rows);
        var calls = 0;
        scene.BeforeStore = name =>
        {
            if (name == call && ++calls == time) throw new DestinationException(DestinationFault.Fatal, "the store is gone");
        };
        var report = await scene.RetryAsync();
        (report.Status, report.Streams.Single().Error).ShouldBe((RunStatus.Failed, "the store is gone"));
        scene.BeforeStore = null;
        await EndsWellAsync(scene);
    }

    [Theory]
    [InlineData("Begin")]
    [InlineData("Write")]
    [InlineData("CommitLost")]
    [InlineData("CommitAnswerLost")]
    public async Task Destination_that_dies_at_any_step_leaves_nothing_lost_and_nothing_twice(string name)
    {
        var step = Enum.Parse<Step>(name);
        for (var good = 0; good < 3; good++)
        {
            var scene = new RetryScene { Writer = new FakeWriter { Refuses = r => r == Rows[3] } };
            await scene.FailAsync(Rows);
            scene.Writer.Faults.Plan(step, [.. Enumerable.Repeat<DestinationFault?>(null, good), DestinationFault.Fatal]);
            (await scene.RetryAsync()).Status.ShouldBe(RunStatus.Failed);
            await EndsWellAsync(scene);
        }
    }

    [Theory]
    [InlineData("Begin")]
    [InlineData("Write")]
    [InlineData("CommitLost")]
    [InlineData("CommitAnswerLost")]
    public async Task Error_that_passes_is_not_seen(string name)
    {
        var scene = new RetryScene { Writer = new FakeWriter { Refuses = r => r == Rows[3] } };
        await scene.FailAsync(Rows);
        scene.Writer.Faults.Temporary(Enum.Parse<Step>(name), 2);
        (await scene.RetryAsync()).Streams.Single().Resolved.ShouldBe(699);
        await EndsWellAsync(scene);
    }

    [Fact]
    public async Task What_was_written_and_not_closed_counts_as_resolved_in_the_next_retry()
    {
        var scene = await WrittenNotClosedAsync();
        var report = (await scene.RetryAsync()).Streams.Single();
        (report.Selected, report.Resolved, report.StillFailing).ShouldBe((2, 2, 0));
        scene.Writer.Rows.ShouldBe([Rows[0], Rows[1]]);
    }

    [Fact]
    public async Task Record_that_has_failed_again_since_is_written_again()
    {
        var scene = await WrittenNotClosedAsync();
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        await scene.FailAsync(Rows[1]);
        (await scene.RetryAsync()).Streams.Single().Resolved.ShouldBe(2);
        scene.Writer.Rows.ShouldBe([Rows[0], Rows[1], Rows[1]]);
        scene.Open.ShouldBeEmpty();
        scene.Writer.Queued.ShouldBeEmpty();
    }

    private static async Task<RetryScene> WrittenNotClosedAsync()
    {
        var scene = new RetryScene();
        await scene.FailAsync(Rows[0], Rows[1]);
        scene.BeforeStore = name =>
        {
            if (name == "CloseAsync") throw new DestinationException(DestinationFault.Fatal, "the store is gone");
        };
        await scene.RetryAsync();
        scene.BeforeStore = null;
        scene.Open.Length.ShouldBe(2);
        scene.Writer.Rows.Count.ShouldBe(2);
        return scene;
    }

    private static async Task EndsWellAsync(RetryScene scene)
    {
        (await scene.RetryAsync()).Status.ShouldBe(RunStatus.Partial);
        scene.Writer.Rows.ShouldBe(Rows.Where(r => r != Rows[3]));
        scene.Closed(FailedRecordStatus.Resolved).Length.ShouldBe(699);
        scene.Open.ShouldBe([Rows[3]]);
        scene.Writer.Queued.ShouldBeEmpty();
    }
}
