using System.Globalization;
using System.Text.Json;
using Tidemark.Simulators;

namespace Tidemark.EndToEnd.Support;

/// <summary>What a simulator says is true, compared with a table, value by value.</summary>
internal static class Truth
{
    public static async Task<List<JsonElement>> RecordsAsync(RunningSimulator simulator, string kind)
    {
        using var client = new HttpClient();
        var lines = await client.GetStringAsync(new Uri(simulator.Address, $"/_sim/records/{kind}"));
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>The differences between truth and table; none means equal, record by record and value by value.</summary>
    public static List<string> Differences(IReadOnlyCollection<JsonElement> truth, string database, string table, string key)
    {
        var rows = Database.Query(database, $"select * from \"{table}\"").ToDictionary(r => Convert.ToString(r[key], CultureInfo.InvariantCulture)!, StringComparer.Ordinal);
        var differences = new List<string>();
        if (rows.Count != truth.Count) differences.Add($"{table} has {rows.Count} rows, the source {truth.Count} records");
        foreach (var record in truth)
        {
            var id = Text(record.GetProperty(key))!;
            if (!rows.TryGetValue(id, out var row))
            {
                differences.Add($"{table} lacks {id}");
                continue;
            }
            foreach (var property in record.EnumerateObject())
            {
                var stored = row.TryGetValue(property.Name, out var value) ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;
                var expected = Text(property.Value);
                if ((value is null) != (expected is null) || (value is not null && !string.Equals(stored, expected, StringComparison.Ordinal)))
                    differences.Add($"{table} {id}.{property.Name}: found {stored ?? "null"}, expected {expected ?? "null"}");
            }
        }
        return differences;
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole.ToString(CultureInfo.InvariantCulture) : value.GetDouble().ToString(CultureInfo.InvariantCulture),
        _ => value.GetRawText(),
    };
}
