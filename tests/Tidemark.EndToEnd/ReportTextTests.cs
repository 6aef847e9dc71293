using Tidemark.Cli.Output;
using Tidemark.Runs;
using Tidemark.Telemetry;

namespace Tidemark.EndToEnd;

public sealed class ReportTextTests
{
    [Fact]
    public void Calls_and_writes_that_were_tried_again_are_told_apart()
    {
        var counts = Enum.GetValues<Counter>().ToDictionary(c => c, _ => 0L);
        (counts[Counter.Requests], counts[Counter.Commits], counts[Counter.Retries], counts[Counter.WriteRetries]) = (3, 2, 5, 4);
        var report = new RunReport
        {
            RunId = "r", PipelineName = "p", Status = RunStatus.Succeeded, StartedAt = default, Duration = TimeSpan.FromSeconds(1), Warnings = [],
            Streams = [new StreamReport { Stream = "s", Status = RunStatus.Succeeded, Mode = RunMode.First, Counts = counts }],
        };
        string.Join('\n', ReportText.Lines(report)).ShouldContain("3 calls (1 retried), 0 B, 2 commits (4 retried), 1.0 s");
    }
}
