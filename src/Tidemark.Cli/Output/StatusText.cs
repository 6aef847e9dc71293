using System.Globalization;
using Tidemark.Definitions;
using Tidemark.Reports;
using Tidemark.Runs;
using Tidemark.Telemetry;

namespace Tidemark.Cli.Output;

/// <summary>How a pipeline stands, for people: a line a stream, a line a run.</summary>
internal static class StatusText
{
    public static IEnumerable<string> Lines(PipelineStatus status)
    {
        var rows = status.Streams.Select(Cells).ToList();
        var (name, watermark) = (rows.Select(r => r[0].Length).DefaultIfEmpty(0).Max(), rows.Select(r => r[1].Length).DefaultIfEmpty(0).Max());
        foreach (var row in rows) yield return $"{row[0].PadRight(name)}   {row[1].PadRight(watermark)}   {row[2]}".TrimEnd();
        yield return "";
        if (status.Runs.Count == 0) yield return "no run has ended yet";
        foreach (var run in status.Runs) yield return Line(run);
        foreach (var depth in status.Inbox)
            yield return $"{depth.Stream}: {Counted.Of(depth.Batches, "asynchronous post waits", "asynchronous posts wait")} in the inbox ({Counted.Of(depth.Records, "record")}){(depth.Oldest is { } at ? $", the oldest for {Durations.Format(TimeSpan.FromSeconds(Math.Max(0, Math.Floor((status.At - at).TotalSeconds))))}" : "")}";
        if (status.FailedRecords > 0) yield return $"{Counted.Of(status.FailedRecords, "failed record is", "failed records are")} open: tidemark failed list";
    }

    private static string[] Cells(StreamStatus stream)
    {
        if (stream.Checkpoint is not { } checkpoint) return [stream.Stream, "", "its destination can't be reached"];
        var about = new List<string> { checkpoint.LastSuccess is { } at ? $"complete as of {Time(at)}" : "never complete" };
        if (checkpoint.Resume is not null) about.Add("a scan is unfinished");
        if (stream.Slices is { Total: > 0 } slices) about.Add($"{Terminal.Number(slices.Done)} of {Counted.Of(slices.Total, "slice")} done{(slices.Failed > 0 ? $", {Terminal.Number(slices.Failed)} failed" : "")}");
        if (stream.Holder is { } holder) about.Add($"being written by {holder}");
        return [stream.Stream, checkpoint.Watermark ?? "-", string.Join(", ", about)];
    }

    private static string Line(RunReport run)
    {
        var failed = run.Total(Counter.Failed) is > 0 and var count ? $", {Terminal.Number(count)} failed" : "";
        return $"{Time(run.StartedAt)}   {ReportJson.Name(run.Status),-11}   {Terminal.Number(run.Total(Counter.Read))} read, {Terminal.Number(run.Total(Counter.Written))} written{failed}   {run.RunId}";
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
