using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Runs;
using Tidemark.Telemetry;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Runs;

public sealed class BatchCommitterTests
{
    private const string One = """{"id":1}""", Two = """{"id":2}""", Bad = """{"id":3,"bad":true}""", NoKey = """{"name":"x"}""";

    [Fact]
    public async Task Lost_answer_to_commit_is_recognised_and_nothing_is_written_twice()
    {
        using var scene = new WriterScene();
        scene.Writer.Faults.Temporary(Step.CommitAnswerLost);
        await scene.RunAsync([One, Two]);
        scene.Writer.Rows.ShouldBe([One, Two]);
        scene.Writer.CommitCount.ShouldBe(1);
        scene.Writer.Faults.Calls[Step.Begin].ShouldBe(1);
        scene.Writer.Faults.Calls[Step.ReadBatchNumber].ShouldBe(1);
        (scene.Counters[Counter.Inserted], scene.Counters[Counter.Retries], scene.Counters[Counter.Commits]).ShouldBe((2, 1, 1));
    }

    [Fact]
    public async Task Batch_number_that_can_not_be_read_at_once_is_asked_for_again()
    {
        using var scene = new WriterScene();
        scene.Writer.Faults.Temporary(Step.CommitAnswerLost);
        scene.Writer.Faults.Temporary(Step.ReadBatchNumber);
        await scene.RunAsync([One]);
        scene.Writer.Rows.ShouldBe([One]);
        scene.Writer.Faults.Calls[Step.Begin].ShouldBe(1);
    }

    [Fact]
    public async Task Commit_that_did_not_happen_is_done_again()
    {
        using var scene = new WriterScene();
        scene.Writer.Faults.Temporary(Step.CommitLost);
        await scene.RunAsync([One, Two]);
        scene.Writer.Rows.ShouldBe([One, Two]);
        scene.Writer.Faults.Calls[Step.Begin].ShouldBe(2);
        scene.Counters[Counter.Inserted].ShouldBe(2);
    }

    [Theory]
    [InlineData("Begin")]
    [InlineData("Write")]
    [InlineData("CommitLost")]
    public async Task Temporary_error_is_tried_three_times_in_all(string name)
    {
        var step = Enum.Parse<Step>(name);
        using var passing = new WriterScene();
        passing.Writer.Faults.Temporary(step, 2);
        await passing.RunAsync([One]);
        passing.Writer.Rows.ShouldBe([One]);
        passing.Counters[Counter.Retries].ShouldBe(2);

        using var lasting = new WriterScene();
        lasting.Writer.Faults.Temporary(step, 4);
        var e = await lasting.ErrorAsync([One]);
        (e.Fault, e.Message).ShouldBe((DestinationFault.Temporary, $"{step} failed"));
        lasting.Writer.Faults.Calls[step].ShouldBe(3);
        lasting.Writer.Rows.ShouldBeEmpty();
        lasting.Counters[Counter.Read].ShouldBe(0);
    }

    [Fact]
    public async Task Database_that_can_not_be_reached_is_waited_for_as_long_as_a_restart_takes()
    {
        using var passing = new WriterScene();
        var started = passing.Time.GetUtcNow();
        passing.Writer.Faults.Unreachable = true;
        passing.Writer.Faults.Temporary(Step.Begin, 10);
        await passing.RunAsync([One]);
        passing.Writer.Rows.ShouldBe([One]);
        passing.Counters[Counter.Retries].ShouldBe(10);
        (passing.Time.GetUtcNow() - started).ShouldBeInRange(TimeSpan.FromSeconds(42), TimeSpan.FromSeconds(51));

        using var lasting = new WriterScene();
        lasting.Writer.Faults.Unreachable = true;
        lasting.Writer.Faults.Temporary(Step.Begin, 20);
        (await lasting.ErrorAsync([One])).Fault.ShouldBe(DestinationFault.Temporary);
        lasting.Writer.Faults.Calls[Step.Begin].ShouldBe(11);
    }

    [Theory]
    [InlineData(DestinationFault.Fatal)]
    [InlineData(DestinationFault.LeaseLost)]
    [InlineData(DestinationFault.Guard)]
    public async Task Error_that_will_not_pass_is_not_tried_again(DestinationFault fault)
    {
        using var scene = new WriterScene();
        scene.Writer.Faults.Plan(Step.Write, fault);
        (await scene.ErrorAsync([One])).Fault.ShouldBe(fault);
        scene.Writer.Faults.Calls[Step.Begin].ShouldBe(1);
        scene.Failures!.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refused_records_are_kept_and_the_others_written()
    {
        using var scene = new WriterScene { Writer = new FakeWriter { Refuses = r => r.Contains("bad", StringComparison.Ordinal) } };
        await scene.RunAsync([One, Bad, NoKey, Two]);
        scene.Writer.Rows.ShouldBe([One, Two]);
        scene.Failures!.All.Select(r => r.Reason).ShouldBe([$"refused {Bad}", "the record has no value in 'id', which is part of the primary key"]);
        scene.Failures.Payloads.ShouldBe([Bad, NoKey]);
        var record = scene.Failures.All.First();
        (record.PipelineName, record.Stream, record.RunId, record.Id).ShouldBe(("p", "rows", "r", FailedRecord.IdOf("p", "rows", record.Payload.Span)));
        (scene.Counters[Counter.Failed], scene.Counters[Counter.Inserted], scene.Counters[Counter.Read]).ShouldBe((2, 2, 4));
    }

    [Fact]
    public async Task Refused_records_count_once_though_their_batch_is_tried_again()
    {
        using var scene = new WriterScene { Writer = new FakeWriter { Refuses = r => r.Contains("bad", StringComparison.Ordinal) } };
        scene.Writer.Faults.Temporary(Step.CommitLost);
        scene.Writer.Faults.Temporary(Step.CommitAnswerLost);
        await scene.RunAsync([One, Bad]);
        (scene.Counters[Counter.Failed], scene.Counters[Counter.Inserted], scene.Failures!.All.Count).ShouldBe((1, 1, 1));
    }

    [Fact]
    public async Task Max_failed_stops_the_stream_with_the_records_kept()
    {
        using var scene = new WriterScene { Stream = new StreamDefinition { Name = "rows", Request = new FakeRequest(), PrimaryKey = ["id"], MaxFailed = 2, Batch = WriterScene.Batch(count: 1) } };
        var e = await scene.ErrorAsync([NoKey, One], [NoKey, Two], ["3"]);
        e.Fault.ShouldBe(DestinationFault.Guard);
        e.Message.ShouldBe("3 records were refused, more than max_failed (2); the last one: found a number, expected an object");
        scene.Writer.Rows.ShouldBe([One, Two]);
        scene.Failures!.Payloads.ShouldBe([NoKey, "3"]);
        ResumePoint.FromJson(scene.Writer.Disk.Resume)!.Failed.ShouldBe(2);
    }

    [Fact]
    public async Task Without_a_store_the_first_refused_record_stops_the_stream()
    {
        using var scene = new WriterScene { Failures = null };
        var e = await scene.ErrorAsync([One, NoKey]);
        e.Message.ShouldBe("a record was refused (the record has no value in 'id', which is part of the primary key), and there is no store to keep it in");
        scene.Writer.Rows.ShouldBeEmpty();
    }
}
