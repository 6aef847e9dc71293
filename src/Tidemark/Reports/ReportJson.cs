using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Slices;
using Tidemark.Telemetry;

namespace Tidemark.Reports;

/// <summary>The report of a run as JSON.</summary>
public static class ReportJson
{
    /// <summary>Accents as they are: the document is JSON, and nothing else.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole document, on one line.</summary>
    /// <param name="report">The report.</param>
    public static string Of(RunReport report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, WriterOptions)) Write(json, report);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Writes it as an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="report">The report.</param>
    public static void Write(Utf8JsonWriter json, RunReport report)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(report);
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
        foreach (var stream in report.Streams) Write(json, stream);
        json.WriteEndArray();
        json.WriteStartArray("warnings");
        foreach (var warning in report.Warnings) json.WriteStringValue(warning);
        json.WriteEndArray();
        json.WriteEndObject();
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

    /// <summary>Writes how far slices have come, as the member <c>slices</c>.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="slices">The slices.</param>
    public static void Write(Utf8JsonWriter json, SliceStatistics slices)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(slices);
        json.WriteStartObject("slices");
        json.WriteNumber("total", slices.Total);
        json.WriteNumber("pending", slices.Pending + slices.Running);
        json.WriteNumber("done", slices.Done);
        json.WriteNumber("failed", slices.Failed);
        json.WriteEndObject();
    }

    /// <summary>Writes rejected records by reason, as the member <c>rejected</c>.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="rejected">How many, by reason.</param>
    public static void WriteRejected(Utf8JsonWriter json, IReadOnlyDictionary<string, long> rejected)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(rejected);
        json.WriteStartObject("rejected");
        foreach (var (reason, count) in rejected) json.WriteNumber(reason, count);
        json.WriteEndObject();
    }

    /// <summary>Writes changes of tables, as the member <c>schema_changes</c>.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="changes">The changes.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<SchemaChange> changes)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(changes);
        json.WriteStartArray("schema_changes");
        foreach (var change in changes) Write(json, change);
        json.WriteEndArray();
    }

    /// <summary>The name of a value as it is in JSON: <c>succeeded</c>.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    /// <param name="value">The value.</param>
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

    /// <summary>Writes what was counted, a member a counter.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="count">How many of each.</param>
    public static void WriteCounts(Utf8JsonWriter json, Func<Counter, long> count)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(count);
        foreach (var counter in Enum.GetValues<Counter>()) json.WriteNumber(Name(counter), count(counter));
    }
}
