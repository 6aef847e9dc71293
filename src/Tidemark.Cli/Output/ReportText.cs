using System.Globalization;
using Tidemark.Runs;
using Tidemark.Telemetry;

namespace Tidemark.Cli.Output;

/// <summary>The run report for people: a line a stream with its changes of tables and its rejected records below, then what it cost and what to do.</summary>
internal static class ReportText
{
    private const int MostReasons = 20;

    public static IEnumerable<string> Lines(RunReport report)
    {
        var rows = report.Streams.Select(s => (s.Stream, Work: Work(s), Notes: string.Join("   ", Notes(s)), Below: ChangeText.Lines(s.SchemaChanges).Concat(Rejected(s.Rejected)))).ToList();
        var name = rows.Select(r => r.Stream.Length).Append(5).Max();
        var work = rows.Where(r => r.Work.Length <= 48).Select(r => r.Work.Length).DefaultIfEmpty(0).Max();
        foreach (var row in rows)
        {
            yield return $"{row.Stream.PadRight(name)}   {row.Work.PadRight(work)}   {row.Notes}".TrimEnd();
            foreach (var line in row.Below) yield return $"{"".PadRight(name)}   {line}";
        }

        long Sum(Counter counter) => report.Total(counter);
        var parts = Counts(Sum).Prepend($"{Terminal.Number(Sum(Counter.Read))} read").ToList();
        yield return $"{"total".PadRight(name)}   {string.Join(", ", parts)}";
        var seconds = report.Duration.TotalSeconds;
        var calls = $"{Counted.Of(Sum(Counter.Requests), "call")}{Retried(Sum(Counter.Retries) - Sum(Counter.WriteRetries))}";
        var commits = $"{Counted.Of(Sum(Counter.Commits), "commit")}{Retried(Sum(Counter.WriteRetries))}";
        var waited = Sum(Counter.ThrottledMs) > 0 ? $", {Seconds(Sum(Counter.ThrottledMs) / 1000.0)} of it waiting for a quota" : "";
        yield return $"{"".PadRight(name)}   {calls}, {Size(Sum(Counter.Bytes))}, {commits}, {Seconds(seconds)}{waited}";

        foreach (var stream in report.Streams.Where(s => s.Error is not null))
        {
            yield return $"{stream.Stream}: {(stream.Status switch { RunStatus.Parked => "parked: ", RunStatus.Partial => "", _ => "failed: " })}{stream.Error}";
            if (stream.ParkedUntil is { } until) yield return $"{stream.Stream}: run again after {Terminal.Time(until)}; it goes on where it stopped";
        }
        if (Sum(Counter.Failed) > 0) yield return Sum(Counter.Failed) == 1 ? "1 record failed and is kept: tidemark failed list" : $"{Terminal.Number(Sum(Counter.Failed))} records failed and are kept: tidemark failed list";
        if (report.Status == RunStatus.Interrupted) yield return "interrupted: what was read is committed; run again and it goes on";
        foreach (var warning in report.Warnings) yield return $"warning: {warning}";
    }

    /// <summary>Rejected records by reason, a line each.</summary>
    public static IEnumerable<string> Rejected(IReadOnlyDictionary<string, long> rejected)
    {
        foreach (var (reason, count) in rejected.Take(MostReasons)) yield return $"! {Terminal.Number(count)} rejected by {reason}";
        if (rejected.Count > MostReasons) yield return $"and by {rejected.Count - MostReasons} more reasons: --json has them all";
    }

    private static string Retried(long times) => times > 0 ? $" ({Terminal.Number(times)} retried)" : "";

    public static string Size(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
    };

    public static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0#} s");

    private static string Work(StreamReport stream)
    {
        if (stream.Skipped) return "not run: loaded once, and complete";
        var parts = Counts(c => stream.Counts[c]).Prepend($"{Terminal.Number(stream.Counts[Counter.Read])} read");
        return string.Join(", ", parts);
    }

    private static IEnumerable<string> Counts(Func<Counter, long> count)
    {
        foreach (var (counter, word) in new[]
        {
            (Counter.Inserted, "inserted"), (Counter.Updated, "updated"), (Counter.Unchanged, "unchanged"), (Counter.Duplicates, "duplicates"),
            (Counter.Skipped, "skipped"), (Counter.Deleted, "deleted"), (Counter.Failed, "failed"),
        })
        {
            if (count(counter) > 0) yield return $"{Terminal.Number(count(counter))} {(count(counter) == 1 && counter == Counter.Duplicates ? "duplicate" : word)}";
        }
    }

    private static IEnumerable<string> Notes(StreamReport stream)
    {
        if (stream.Skipped) yield break;
        if (stream.Slices is { } slices)
            yield return $"{Terminal.Number(slices.Done)} of {Counted.Of(slices.Total, "slice")} done{(slices.Failed > 0 ? $", {Terminal.Number(slices.Failed)} failed" : "")}";
        if (stream.Mode == RunMode.First) yield return "first run";
        if (stream.Mode == RunMode.Full) yield return "full";
        if (stream.ReductionPercent is { } percent)
            yield return string.Create(CultureInfo.InvariantCulture, $"({Terminal.Number(stream.LastFullRead!.Value)} in the last full read, {-percent:+0.0;-0.0;0.0} %)");
        if (stream.StoppedEarly is { } where) yield return $"stopped early: {where}";
        if (stream.Status is RunStatus.Failed or RunStatus.Parked or RunStatus.Interrupted) yield return stream.Status.ToString().ToUpperInvariant();
    }
}
