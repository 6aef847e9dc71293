using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Slices;
using Tidemark.Telemetry;

namespace Tidemark.Cli.Output;

/// <summary>The run report for programs.</summary>
internal static class ReportJson
{
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(RunReport report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("run_id", report.RunId);
            json.WriteString("pipeline", report.PipelineName);
            json.WriteString("status", Name(report.Status));
            json.WriteString("started_at", report.StartedAt);
            json.WriteNumber("duration_ms", (long)report.Duration.TotalMilliseconds);
            json.WriteStartObject("totals");
            WriteCounts(json, report.Total);
            json.WriteEndObject();
            json.WriteStartArray("streams");
            foreach (var stream1 in report.Streams) Write(json, stream1);
            json.WriteEndArray();
            json.WriteStartArray("warnings");
            foreach (var warning in report.Warnings) json.WriteStringValue(warning);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, StreamReport stream)
    {
        json.WriteStartObject();
        json.WriteString("stream", stream.Stream);
        json.WriteString("status", Name(stream.Status));
        json.WriteString("mode", Name(stream.Mode));
        json.WriteBoolean("not_run", stream.Skipped);
        json.WriteBoolean("stopped_early", stream.StoppedEarly is not null);
        json.WriteString("watermark_before", stream.WatermarkBefore);
        json.WriteString("watermark_after", stream.WatermarkAfter);
        json.WriteOptional("last_full_read", stream.LastFullRead);
        json.WriteOptional("reduction_percent", stream.ReductionPercent);
        WriteCounts(json, counter => stream.Counts[counter]);
        if (stream.Slices is { } slices) Write(json, slices);
        WriteRejected(json, stream.Rejected);
        Write(json, stream.SchemaChanges);
        if (stream.Error is not null) json.WriteString("error", stream.Error);
        if (stream.ParkedUntil is { } until) json.WriteString("parked_until", until);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SliceStatistics slices)
    {
        json.WriteStartObject("slices");
        json.WriteNumber("total", slices.Total);
        json.WriteNumber("pending", slices.Pending + slices.Running);
        json.WriteNumber("done", slices.Done);
        json.WriteNumber("failed", slices.Failed);
        json.WriteEndObject();
    }

    /// <summary>Rejected records by reason.</summary>
    public static void WriteRejected(Utf8JsonWriter json, IReadOnlyDictionary<string, long> rejected)
    {
        json.WriteStartObject("rejected");
        foreach (var (reason, count) in rejected) json.WriteNumber(reason, count);
        json.WriteEndObject();
    }

    /// <summary>Changes of tables.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<SchemaChange> changes)
    {
        json.WriteStartArray("schema_changes");
        foreach (var change in changes) Write(json, change);
        json.WriteEndArray();
    }

    /// <summary>The name of a value as it is in JSON.</summary>
    public static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static void Write(Utf8JsonWriter json, SchemaChange change)
    {
        json.WriteStartObject();
        json.WriteString("kind", Name(change.Kind));
        json.WriteString("table", change.Table);
        json.WriteString("column", change.Column);
        json.WriteString("from", change.From);
        json.WriteString("to", change.To);
        json.WriteNumber("count", change.Count);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, Func<Counter, long> count)
    {
        foreach (var counter in Enum.GetValues<Counter>()) json.WriteNumber(Name(counter), count(counter));
    }
}
