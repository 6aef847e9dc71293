using Tidemark.Definitions;
using Tidemark.Planning;
using Tidemark.Runs;
using Tidemark.Runs.Plans;

namespace Tidemark.Cli.Output;

/// <summary>A plan for people: what a stream needs, how long that takes, and below where it comes from and what is not known.</summary>
internal static class PlanText
{
    public static IEnumerable<string> Lines(PlanReport report)
    {
        var name = report.Streams.Select(s => s.Stream.Length).Append(5).Max();
        var blank = new string(' ', name + 3);
        foreach (var stream in report.Streams)
        {
            yield return $"{stream.Stream.PadRight(name)}   {Work(stream)}";
            if (stream.Mode is null) continue;
            foreach (var line in Below(stream, report.PlannedAt)) yield return blank + line;
        }
        if (report.Streams.Count > 1)
            yield return $"{"total".PadRight(name)}   {Needs(report.About, report.Calls, report.Questions, report.Costs)}; {Until(report.EndsAt, report.EndsAt - report.PlannedAt, report.AtLeast)}";
        yield return report.ProbeCalls == 0 ? "nothing was called" : $"{Counted.Of(report.ProbeCalls, "call was", "calls were")} made for this plan";
    }

    /// <summary>What holds a stream up, in words.</summary>
    public static string Words(Bottleneck bottleneck) => bottleneck.Kind switch
    {
        BottleneckKind.Quota => $"the quota '{bottleneck.Quota}', {bottleneck.About}",
        BottleneckKind.Budget => $"the quota '{bottleneck.Quota}', its budget of {bottleneck.About}",
        BottleneckKind.Enrichment => "enrichment",
        BottleneckKind.Destination => "the destination",
        BottleneckKind.Source => "the source",
        _ => "the latency of its calls",
    };

    private static string Work(PlannedStream stream)
    {
        if (stream.Mode is not { } mode) return "would not run: loaded once, and complete";
        var records = stream.Records is { } count ? $", {(stream.About ? "about " : "")}{Counted.Of(count, "record")}" : "";
        var more = stream.RecordsDone > 0 ? $" more, {Terminal.Number(stream.RecordsDone)} are done" : "";
        var slices = stream.Slices is { } s ? $" in {(s.Done > 0 ? $"{Terminal.Number(s.Total - s.Done)} of " : "")}{Counted.Of(s.Total, "slice")}" : "";
        return $"{(mode == RunMode.First ? "first run" : mode == RunMode.Full ? "full" : "incremental")}{records}{more}{slices}: {Needs(stream.About, stream.Calls, stream.Questions, stream.Costs)}";
    }

    private static string Needs(bool about, long? calls, long? questions, IReadOnlyDictionary<string, double>? costs)
    {
        if (calls is not { } count) return "calls not known";
        var parts = new List<string> { $"{(about ? "about " : "")}{Counted.Of(count, "call")}" };
        if (questions is > 0) parts.Add($"{Counted.Of(questions.Value, "question")} of enrich");
        if (questions is null) parts.Add("questions of enrich not known");
        foreach (var (quota, cost) in costs ?? new Dictionary<string, double>(StringComparer.Ordinal)) parts.Add($"cost {Terminal.Number(Math.Round(cost, 2))} of '{quota}'");
        return string.Join(", ", parts);
    }

    private static IEnumerable<string> Below(PlannedStream stream, DateTimeOffset now)
    {
        var forecast = stream.Forecast;
        var begins = forecast?.BeginsAt > now ? $"begins {Terminal.Time(forecast.BeginsAt)}, " : "";
        yield return begins + Until(forecast?.EndsAt, forecast?.EndsAt - forecast?.BeginsAt, stream.AtLeast) + (forecast?.Bottleneck is { } bottleneck ? $"; held up by {Words(bottleneck)}" : "");
        if (forecast is { Parks: > 0 and var parks }) yield return parks == 1 ? "is parked once on the way: run it again then, and it goes on" : $"is parked {Terminal.Number(parks)} times on the way: run it again each time, and it goes on";
        foreach (var line in stream.Basis) yield return line;
        if (stream.Error is { } error) yield return $"the probe failed: {error}";
        foreach (var gap in stream.Gaps) yield return $"not known: {gap.What}; it would be by {gap.Remedy}";
    }

    private static string Until(DateTimeOffset? at, TimeSpan? took, bool atLeast) => at is not { } end || took is not { } span ? "finish time not known"
        : atLeast ? $"at least {Span(span)}, not before {Terminal.Time(end)}" : $"{Span(span)}, until {Terminal.Time(end)}";

    private static string Span(TimeSpan span) => Durations.Format(span < TimeSpan.FromSeconds(10) ? TimeSpan.FromMilliseconds(Math.Round(span.TotalMilliseconds / 100) * 100) : TimeSpan.FromSeconds(Math.Round(span.TotalSeconds)));
}
