using FsCheck;
using FsCheck.Fluent;
using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Runs;

/// <summary>Generated faults of the destination, run after run, until a scan is complete: each record is in the table once, or kept as failed.</summary>
public class StreamRunTests
{
    private static readonly DestinationFault?[] Kinds = [null, null, null, DestinationFault.Temporary, DestinationFault.Temporary, DestinationFault.Fatal];

    [Fact]
    public void Records_are_written_once_whatever_fails() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(80), Prop.ForAll<byte[]>(script => RunToEndAsync(script ?? []).GetAwaiter().GetResult()));

    private static async Task<bool> RunToEndAsync(byte[] script)
    {
        var next = 0;
        int Choose(int below) => next < script.Length ? script[next++] % below : 0;
        var number = 0;
        var pages = Enumerable.Range(0, 1 + Choose(5)).Select(_ => Enumerable.Range(0, Choose(6)).Select(_ => Record(++number, Choose(5))).ToArray()).ToList();
        var destination = new FakeWriter { Refuses = r => r.Contains("bad", StringComparison.Ordinal) };
        var failed = new FakeFailedRecords();
        using var scene = new WriterScene
        {
            Writer = destination,
            Failures = failed,
            // Append, so that a record that is written twice shows.
            Stream = new StreamDefinition { Name = "rows", Request = new FakeRequest(), Batch = WriterScene.Batch(count: 1 + Choose(4)) },
        };
        // What is on disk counts: a run may fail on the answer to its last commit.
        while (!destination.Disk.Complete)
        {
            var faults = destination.Faults = new Faults();
            // Without a script left nothing fails, so that this ends.
            foreach (var step in Enum.GetValues<Step>())
            {
                for (var i = Choose(5); i > 0; i--) faults.Plan(step, Kinds[Choose(Kinds.Length)]);
            }
            var running = new StreamRun(scene.Context(), new FakeSource(pages), destination, new RunOptions()).RunAsync(CancellationToken.None);
            await scene.Time.DriveAsync(running);
            var report = await running;
            if (report.Status == RunStatus.Failed) report.FailedSide.ShouldBe(FailedSide.Destination, report.Error);
        }
        var all = pages.SelectMany(p => p).ToList();
        destination.Rows.ShouldBe(all.Where(r => !r.Contains("bad", StringComparison.Ordinal) && r[0] == '{'));
        failed.Payloads.ShouldBe(all.Where(r => r.Contains("bad", StringComparison.Ordinal) || r[0] != '{'), ignoreOrder: true);
        destination.Disk.Complete.ShouldBeTrue();
        destination.Disk.Resume.ShouldBeNull();
        return true;
    }

    private static string Record(int number, int kind) => kind switch
    {
        0 => $$"""{"id":{{number}},"bad":true}""",
        1 => $"{number}",
        _ => $$"""{"id":{{number}}}""",
    };
}
