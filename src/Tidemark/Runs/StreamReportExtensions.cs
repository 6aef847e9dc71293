using Tidemark.Destinations;
using Tidemark.Telemetry;

namespace Tidemark.Runs;

/// <summary>What a stream's report becomes at its end.</summary>
internal static class StreamReportExtensions
{
    /// <summary>The report of a stream that has just begun.</summary>
    public static StreamReport Begun(this StreamContext context) =>
        new() { Stream = context.Stream.Name, Status = RunStatus.Succeeded, Mode = RunMode.First, Counts = new Dictionary<Counter, long>() };

    /// <summary>The report of a stream that nothing has stopped.</summary>
    public static StreamReport Done(this StreamReport report, StreamContext context) =>
        report with { Status = context.Counters[Counter.Failed] > 0 ? RunStatus.Partial : RunStatus.Succeeded };

    /// <summary>The report of a stream that an exception has ended.</summary>
    public static StreamReport EndedBy(this StreamReport report, Exception error, CancellationToken stopping) => error switch
    {
        DestinationException => report.FailedBy(FailedSide.Destination, error.Message),
        OperationCanceledException when stopping.IsCancellationRequested => report with { Status = RunStatus.Interrupted },
        // A defect of ours or of a connector: this stream ends with it, the others go on.
        _ => report.FailedBy(FailedSide.Source, $"unexpected {error.GetType().Name}: {error.Message}"),
    };

    /// <summary>The report of a stream that failed.</summary>
    public static StreamReport FailedBy(this StreamReport report, FailedSide side, string error) => report with { Status = RunStatus.Failed, FailedSide = side, Error = error };

    /// <summary>The report with what was counted.</summary>
    public static StreamReport CountedBy(this StreamReport report, StreamContext context) =>
        report with { Counts = Enum.GetValues<Counter>().ToDictionary(c => c, c => context.Counters[c]), Rejected = context.Rejections.Snapshot() };
}
