using System.Text;
using System.Text.Json;
using Tidemark.Failures;

namespace Tidemark.Cli.Output;

/// <summary>A failed record for programs.</summary>
internal static class FailedRecordJson
{
    public static void Write(Utf8JsonWriter json, FailedRecord record)
    {
        json.WriteStartObject();
        json.WriteString("id", record.Id);
        json.WriteString("stream", record.Stream);
        json.WriteString("run_id", record.RunId);
        json.WriteString("failed_at", record.FailedAt);
        json.WriteNumber("attempts", record.Attempts);
        json.WriteString("status", Name(record.Status));
        if (record.ClosedAt is { } closed) json.WriteString("closed_at", closed);
        else json.WriteNull("closed_at");
        json.WriteString("reason", record.Reason);
        json.WriteString("payload", Encoding.UTF8.GetString(record.Payload.Span));
        json.WriteEndObject();
    }

    public static string Name(FailedRecordStatus status) => ReportJson.Name(status);
}
