using System.Text.Json;
using Tidemark.Reports;
using Tidemark.Runs;
using Tidemark.Telemetry;

namespace Tidemark.Cli.Monitoring;

/// <summary>What is seen, for programs: a document a look, and one at the end.</summary>
internal static class MonitorJson
{
    public static void Write(Utf8JsonWriter json, Observation observation, IReadOnlyList<StreamLook> streams)
    {
        json.WriteStartObject();
        json.WriteString("type", "look");
        json.WriteString("time", observation.At);
        json.WriteStartArray("streams");
        foreach (var stream in streams)
        {
            json.WriteStartObject();
            json.WriteString("stream", stream.Stream);
            json.WriteString("holder", stream.Holder);
            json.WriteString("mode", stream.Scan is { } scan ? ReportJson.Name(scan.Mode) : null);
            json.WriteOptional("read", stream.Read);
            json.WriteOptional("expected", stream.Expected);
            json.WriteOptional("progress_percent", Percent(stream.Progress));
            json.WriteOptional("rate", stream.Rate is { } rate ? Math.Round(rate, 1) : null);
            json.WriteOptional("left", stream.Finish?.Left);
            json.WriteOptional("finish_at", stream.FinishAt);
            json.WriteString("finish_unknown", stream.Finish?.Unknown);
            json.WriteOptional("parked_until", stream.ParkedUntil);
            if (stream.Slices is { } slices) ReportJson.Write(json, slices);
            json.WriteString("watermark", stream.Watermark);
            json.WriteOptional("last_success", stream.LastSuccess);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        QuotaJson.WriteArray(json, observation.Quotas);
        json.WriteOptional("memory_bytes", observation.MemoryBytes);
        json.WriteOptional("database_bytes", observation.DatabaseBytes);
        json.WriteOptional("disk_free_bytes", observation.DiskFreeBytes);
        json.WriteOptional("failed_records", observation.FailedRecords);
        json.WriteStartArray("problems");
        foreach (var problem in observation.Problems) json.WriteStringValue(problem);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, PipelineWatch watch, IReadOnlyList<RunReport> runs)
    {
        json.WriteStartObject();
        json.WriteString("type", "summary");
        json.WriteString("started_at", watch.StartedAt);
        json.WriteNumber("duration_ms", (long)watch.Elapsed.TotalMilliseconds);
        json.WriteNumber("looks", watch.Looks);
        json.WriteStartArray("streams");
        foreach (var (name, stream) in watch.Streams)
        {
            json.WriteStartObject();
            json.WriteString("stream", name);
            json.WriteNumber("records", stream.Records);
            json.WriteNumber("scans_completed", stream.Completed);
            json.WriteOptional("forecast_error_percent", Percent(stream.WorstError));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Write(json, "memory_bytes", watch.Memory);
        Write(json, "database_bytes", watch.Database);
        Write(json, "disk_free_bytes", watch.DiskFree);
        Write(json, "failed_records", watch.Failed);
        json.WriteStartArray("runs");
        foreach (var run in runs)
        {
            json.WriteStartObject();
            json.WriteString("run_id", run.RunId);
            json.WriteString("status", ReportJson.Name(run.Status));
            json.WriteNumber("duration_ms", (long)run.Duration.TotalMilliseconds);
            json.WriteNumber("read", run.Total(Counter.Read));
            json.WriteNumber("written", run.Total(Counter.Written));
            json.WriteNumber("failed", run.Total(Counter.Failed));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, SeenNumber number)
    {
        json.WriteStartObject(name);
        json.WriteOptional("first", number.First);
        json.WriteOptional("peak", number.Peak);
        json.WriteOptional("last", number.Last);
        json.WriteOptional("growth_percent", Percent(number.Growth));
        json.WriteEndObject();
    }

    private static double? Percent(double? share) => share is { } known ? Math.Round(known * 100, 1) : null;
}
