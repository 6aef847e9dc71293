using System.Text.Json;
using Tidemark.Runs.Retries;

namespace Tidemark.Reports;

/// <summary>What became of failed records that were tried again, as JSON.</summary>
public static class RetryReportJson
{
    /// <summary>Writes it as an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="report">The report.</param>
    public static void Write(Utf8JsonWriter json, RetryReport report)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(report);
        json.WriteStartObject();
        json.WriteString("pipeline", report.PipelineName);
        json.WriteString("status", ReportJson.Name(report.Status));
        json.WriteNumber("duration_ms", (long)report.Duration.TotalMilliseconds);
        json.WriteStartArray("streams");
        foreach (var stream in report.Streams)
        {
            json.WriteStartObject();
            json.WriteString("stream", stream.Stream);
            json.WriteString("status", ReportJson.Name(stream.Status));
            json.WriteNumber("selected", stream.Selected);
            json.WriteNumber("resolved", stream.Resolved);
            json.WriteNumber("superseded", stream.Superseded);
            json.WriteNumber("still_failing", stream.StillFailing);
            ReportJson.WriteRejected(json, stream.Rejected);
            ReportJson.Write(json, stream.SchemaChanges);
            if (stream.Error is not null) json.WriteString("error", stream.Error);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
