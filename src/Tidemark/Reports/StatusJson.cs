using System.Text.Json;
using Tidemark.Inboxes;
using Tidemark.Runs;
using Tidemark.Telemetry;

namespace Tidemark.Reports;

/// <summary>How a pipeline stands, as JSON.</summary>
public static class StatusJson
{
    /// <summary>Writes it as an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="status">The status.</param>
    /// <param name="members">Writes members of somebody else before the first.</param>
    public static void Write(Utf8JsonWriter json, PipelineStatus status, Action<Utf8JsonWriter>? members = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(status);
        json.WriteStartObject();
        json.WriteString("pipeline", status.PipelineName);
        json.WriteString("at", status.At);
        members?.Invoke(json);
        json.WriteStartArray("streams");
        foreach (var stream in status.Streams) Write(json, stream);
        json.WriteEndArray();
        json.WriteStartArray("runs");
        foreach (var run in status.Runs) Write(json, run);
        json.WriteEndArray();
        json.WriteNumber("failed_records", status.FailedRecords);
        json.WriteStartArray("inbox");
        foreach (var depth in status.Inbox) Write(json, depth);
        json.WriteEndArray();
        json.WriteStartArray("problems");
        foreach (var problem in status.Problems) json.WriteStringValue(problem);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, StreamStatus stream)
    {
        json.WriteStartObject();
        json.WriteString("stream", stream.Stream);
        json.WriteString("destination", stream.Destination);
        json.WriteString("watermark", stream.Checkpoint?.Watermark);
        json.WriteOptional("last_success", stream.Checkpoint?.LastSuccess);
        json.WriteOptional("last_full_read", stream.Checkpoint?.LastFullRead);
        json.WriteBoolean("unfinished", stream.Checkpoint?.Resume is not null);
        json.WriteString("written_by", stream.Holder);
        if (stream.Slices is { } slices) ReportJson.Write(json, slices);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, InboxDepth depth)
    {
        json.WriteStartObject();
        json.WriteString("stream", depth.Stream);
        json.WriteNumber("posts", depth.Batches);
        json.WriteNumber("records", depth.Records);
        json.WriteNumber("bytes", depth.Bytes);
        json.WriteOptional("oldest_at", depth.Oldest);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RunReport run)
    {
        json.WriteStartObject();
        json.WriteString("run_id", run.RunId);
        json.WriteString("status", ReportJson.Name(run.Status));
        json.WriteString("started_at", run.StartedAt);
        json.WriteNumber("duration_ms", (long)run.Duration.TotalMilliseconds);
        foreach (var counter in new[] { Counter.Read, Counter.Written, Counter.Failed }) json.WriteNumber(ReportJson.Name(counter), run.Total(counter));
        json.WriteEndObject();
    }
}
