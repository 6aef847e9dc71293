using System.Text;
using System.Text.Json;
using Tidemark.Failures;

namespace Tidemark.Reports;

/// <summary>A failed record as JSON.</summary>
public static class FailedRecordJson
{
    /// <summary>Writes it as an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="record">The record.</param>
    public static void Write(Utf8JsonWriter json, FailedRecord record)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(record);
        json.WriteStartObject();
        json.WriteString("id", record.Id);
        json.WriteString("stream", record.Stream);
        json.WriteString("run_id", record.RunId);
        json.WriteString("failed_at", record.FailedAt);
        json.WriteNumber("attempts", record.Attempts);
        json.WriteString("status", ReportJson.Name(record.Status));
        json.WriteOptional("closed_at", record.ClosedAt);
        json.WriteString("reason", record.Reason);
        json.WriteString("payload", Encoding.UTF8.GetString(record.Payload.Span));
        json.WriteEndObject();
    }
}
