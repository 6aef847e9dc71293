using Tidemark.Runs;
using Tidemark.Runs.Retries;

namespace Tidemark.Cli.Output;

/// <summary>What became of failed records that were tried again, for people.</summary>
internal static class RetryOutput
{
    /// <summary>A line a stream with its changes of tables below, then what to do.</summary>
    public static IEnumerable<string> Lines(RetryReport report)
    {
        if (report.Streams.Count == 0) yield return "nothing to retry: no failed record is open";
        var name = report.Streams.Select(s => s.Stream.Length).DefaultIfEmpty(0).Max();
        foreach (var stream in report.Streams)
        {
            yield return $"{stream.Stream.PadRight(name)}   {string.Join(", ", Counts(stream))}{(stream.Status is RunStatus.Failed or RunStatus.Interrupted ? $"   {stream.Status.ToString().ToUpperInvariant()}" : "")}";
            foreach (var change in ChangeText.Lines(stream.SchemaChanges).Concat(ReportText.Rejected(stream.Rejected))) yield return $"{"".PadRight(name)}   {change}";
        }
        foreach (var stream in report.Streams.Where(s => s.Error is not null)) yield return $"{stream.Stream}: failed: {stream.Error}";
        if (report.Streams.Any(s => s.StillFailing > 0)) yield return "why they still fail: tidemark failed list";
        if (report.Status == RunStatus.Interrupted) yield return "interrupted: what was written is committed; retry again and it goes on";
    }

    private static IEnumerable<string> Counts(StreamRetryReport stream)
    {
        yield return $"{Terminal.Number(stream.Selected)} to retry";
        yield return $"{Terminal.Number(stream.Resolved)} resolved";
        if (stream.Superseded > 0) yield return $"{Terminal.Number(stream.Superseded)} superseded (a newer version is stored)";
        if (stream.StillFailing > 0) yield return $"{Terminal.Number(stream.StillFailing)} still failing";
    }
}
