using System.Text.Json;
using Tidemark.Reports;
using Tidemark.Runs.Plans;

namespace Tidemark.Cli.Output;

/// <summary>A plan for programs.</summary>
internal static class PlanJson
{
    public static void Write(Utf8JsonWriter json, PlanReport report)
    {
        json.WriteStartObject();
        json.WriteString("pipeline", report.PipelineName);
        json.WriteString("planned_at", report.PlannedAt);
        json.WriteStartArray("streams");
        foreach (var stream in report.Streams) Write(json, stream);
        json.WriteEndArray();
        json.WriteStartObject("total");
        json.WriteOptional("records", report.Records);
        Write(json, report.Calls, report.Questions, report.Costs);
        json.WriteOptional("duration_ms", Milliseconds(report.EndsAt - report.PlannedAt));
        json.WriteOptional("finish_at", report.EndsAt);
        json.WriteBoolean("at_least", report.AtLeast);
        json.WriteBoolean("about", report.About);
        json.WriteNumber("parks", report.Parks);
        json.WriteEndObject();
        json.WriteNumber("probe_calls", report.ProbeCalls);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PlannedStream stream)
    {
        json.WriteStartObject();
        json.WriteString("stream", stream.Stream);
        json.WriteString("mode", stream.Mode is { } mode ? ReportJson.Name(mode) : null);
        json.WriteOptional("records", stream.Records);
        json.WriteNumber("records_done", stream.RecordsDone);
        if (stream.Slices is { } slices) ReportJson.Write(json, slices);
        Write(json, stream.Calls, stream.Questions, stream.Costs);
        json.WriteOptional("begins_at", stream.Forecast?.BeginsAt);
        json.WriteOptional("duration_ms", Milliseconds(stream.Forecast?.EndsAt - stream.Forecast?.BeginsAt));
        json.WriteOptional("finish_at", stream.Forecast?.EndsAt);
        json.WriteBoolean("at_least", stream.AtLeast);
        json.WriteBoolean("about", stream.About);
        json.WriteNumber("parks", stream.Forecast?.Parks ?? 0);
        var bottleneck = stream.Forecast?.Bottleneck;
        json.WriteString("bottleneck", bottleneck is null ? null : ReportJson.Name(bottleneck.Kind));
        json.WriteString("bottleneck_quota", bottleneck?.Quota);
        json.WriteString("bottleneck_limit", bottleneck is { About.Length: > 0 } ? bottleneck.About : null);
        json.WriteStartArray("basis");
        foreach (var line in stream.Basis) json.WriteStringValue(line);
        json.WriteEndArray();
        json.WriteStartArray("unknown");
        foreach (var gap in stream.Gaps)
        {
            json.WriteStartObject();
            json.WriteString("what", gap.What);
            json.WriteString("remedy", gap.Remedy);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (stream.Error is not null) json.WriteString("error", stream.Error);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, long? calls, long? questions, IReadOnlyDictionary<string, double>? costs)
    {
        json.WriteOptional("calls", calls);
        json.WriteOptional("questions", questions);
        json.WriteStartObject("costs");
        foreach (var (quota, cost) in costs ?? new Dictionary<string, double>(StringComparer.Ordinal)) json.WriteNumber(quota, cost);
        json.WriteEndObject();
    }

    private static double? Milliseconds(TimeSpan? span) => span is { } known ? Math.Round(known.TotalMilliseconds) : null;
}
