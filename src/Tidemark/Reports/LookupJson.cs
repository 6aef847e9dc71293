using System.Text.Json;
using Tidemark.Lookups;
using Tidemark.Lookups.Alerts;

namespace Tidemark.Reports;

/// <summary>How lookups stand, as JSON.</summary>
public static class LookupJson
{
    /// <summary>Writes an object with all of them.</summary>
    /// <param name="json">Takes it.</param>
    /// <param name="lookups">The lookups.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<LookupFigures> lookups)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteStartArray("lookups");
        foreach (var lookup in lookups) Write(json, lookup);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, LookupFigures lookup)
    {
        json.WriteStartObject();
        json.WriteString("lookup", lookup.Name);
        json.WriteNumber("entries", lookup.Kept.Entries);
        json.WriteNumber("total_hits", lookup.Kept.Hits);
        json.WriteNumber("average_reuse", Math.Round(lookup.AverageReuse, 3));
        json.WriteNumber("expired", lookup.Kept.Expired);
        json.WriteNumber("overdue", lookup.Kept.Overdue);
        if (lookup.Kept.Bytes is { } bytes) json.WriteNumber("bytes", bytes);
        else json.WriteNull("bytes");
        var counts = lookup.Counts;
        json.WriteNumber("hits", counts.Hits);
        json.WriteNumber("misses", counts.Misses);
        json.WriteNumber("stale", counts.Stale);
        json.WriteNumber("negative", counts.Negative);
        json.WriteNumber("failures", counts.Failures);
        if (lookup.HitRatio is { } ratio) json.WriteNumber("hit_ratio", Math.Round(ratio, 4));
        else json.WriteNull("hit_ratio");
        json.WriteNumber("calls", counts.Calls);
        json.WriteNumber("cost_spent", Math.Round(counts.CostSpent, 3));
        json.WriteNumber("cost_saved", Math.Round(counts.CostSaved, 3));
        if (lookup.Price is { } price)
        {
            json.WriteNumber("money_spent", Math.Round(counts.CostSpent * price, 4));
            json.WriteNumber("money_saved", Math.Round(counts.CostSaved * price, 4));
            json.WriteString("currency", lookup.Currency);
        }
        if (lookup.Limits is { } limits)
        {
            json.WriteStartArray("alerts");
            foreach (var alert in LookupAlert.Judge(limits, lookup).Where(a => a.IsOn)) json.WriteStringValue(alert.Name);
            json.WriteEndArray();
        }
        json.WriteStartObject("searches");
        foreach (var (type, count) in lookup.Searches.OrderBy(s => s.Key, StringComparer.Ordinal)) json.WriteNumber(type, count);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
