using System.Globalization;
using System.Text.Json;
using Tidemark.Quotas;

namespace Tidemark.Reports;

/// <summary>How quotas stand, as JSON.</summary>
public static class QuotaJson
{
    /// <summary>Writes all of them as an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="quotas">The quotas.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<QuotaStatus> quotas)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(quotas);
        json.WriteStartObject();
        WriteArray(json, quotas);
        json.WriteEndObject();
    }

    /// <summary>Writes all of them as a member of an object, an array <c>quotas</c>.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="quotas">The quotas.</param>
    public static void WriteArray(Utf8JsonWriter json, IReadOnlyList<QuotaStatus> quotas)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(quotas);
        json.WriteStartArray("quotas");
        foreach (var quota in quotas) Write(json, quota);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, QuotaStatus quota)
    {
        json.WriteStartObject();
        json.WriteString("quota", quota.Quota);
        json.WriteStartArray("limits");
        foreach (var meter in quota.Meters)
        {
            json.WriteStartObject();
            json.WriteString("kind", ReportJson.Name(meter.Kind));
            json.WriteString("about", meter.About);
            json.WriteOptional("limit", meter.Limit);
            json.WriteOptional("spent", meter.Spent);
            json.WriteNumber("left", meter.Left);
            Write(json, "free_at", meter.FreeAt);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("in_flight");
        json.WriteNumber("calls", quota.CallsInFlight);
        json.WriteNumber("cost", quota.CostInFlight);
        json.WriteEndObject();
        json.WriteStartArray("streams");
        foreach (var (stream, spent) in quota.Streams)
        {
            json.WriteStartObject();
            json.WriteString("stream", stream);
            json.WriteNumber("calls", spent.Calls);
            json.WriteNumber("cost", spent.Cost);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Write(json, "blocked_until", quota.BlockedUntil);
        Write(json, "free_at", quota.FreeAt);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, DateTimeOffset? time) =>
        json.WriteString(name, time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
}
