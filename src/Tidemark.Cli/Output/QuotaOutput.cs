using System.Globalization;
using System.Text.Json;
using Tidemark.Quotas;

namespace Tidemark.Cli.Output;

/// <summary>How quotas stand, for people and for programs.</summary>
internal static class QuotaOutput
{
    public static IEnumerable<string> Lines(IReadOnlyList<QuotaStatus> quotas)
    {
        var about = quotas.SelectMany(q => q.Meters).Select(m => m.About.Length).DefaultIfEmpty(0).Max();
        foreach (var quota in quotas)
        {
            yield return $"{quota.Quota}: {(quota.FreeAt is { } free ? $"all free again at {Terminal.Time(free)}" : "all free")}";
            foreach (var meter in quota.Meters)
            {
                var spent = meter.Spent is { } value ? $"{Terminal.Number(value)} spent, " : "";
                yield return $"  {meter.Kind.ToString().ToLowerInvariant(),-6}   {meter.About.PadRight(about)}   {spent}{Terminal.Number(meter.Left)} left{(meter.FreeAt is { } at ? $"   free again at {Terminal.Time(at)}" : "")}";
            }
            if (quota.CallsInFlight > 0) yield return $"  on their way: {quota.CallsInFlight} {(quota.CallsInFlight == 1 ? "call" : "calls")}, cost {Terminal.Number(quota.CostInFlight)}";
            if (quota.BlockedUntil is { } until) yield return $"  no call before {Terminal.Time(until)}: the server asked for it";
            foreach (var (stream, spent) in quota.Streams)
                yield return $"  today (UTC), {stream}: {Terminal.Number(spent.Calls)} {(spent.Calls == 1 ? "call" : "calls")}, cost {Terminal.Number(spent.Cost)}";
        }
        if (quotas.Count == 0) yield return "the configuration has no quotas";
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyList<QuotaStatus> quotas)
    {
        json.WriteStartObject();
        json.WriteStartArray("quotas");
        foreach (var quota in quotas) Write(json, quota);
        json.WriteEndArray();
        json.WriteEndObject();
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
