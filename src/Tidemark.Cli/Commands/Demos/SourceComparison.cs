using System.Globalization;
using System.Text.Json;
using Tidemark.Destinations;
using Tidemark.Failures;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>A table compared with what its source says is true: each record is in it, value by value, or kept as a failed record, and neither twice. Pure.</summary>
internal sealed record SourceComparison
{
    /// <summary>Records at the source.</summary>
    public long AtSource { get; private init; }

    /// <summary>Rows of the table.</summary>
    public long InTable { get; private init; }

    /// <summary>Records that are kept as failed.</summary>
    public long Failed { get; private init; }

    /// <summary>Records that are nowhere.</summary>
    public long Lost { get; private init; }

    /// <summary>Rows and failed records beyond the first of a record, or of none at the source.</summary>
    public long Twice { get; private init; }

    /// <summary>Rows of which a value is another one than the source's.</summary>
    public long Different { get; private init; }

    /// <summary>True if no record is lost, there twice, or different.</summary>
    public bool IsWhole => this is { Lost: 0, Twice: 0, Different: 0 };

    /// <summary>Compares them.</summary>
    /// <param name="source">The records of the source.</param>
    /// <param name="table">All rows of the table.</param>
    /// <param name="failed">All open failed records.</param>
    /// <param name="key">The fields of the primary key, each a string.</param>
    public static SourceComparison Of(IReadOnlyList<JsonElement> source, TableSample table, IReadOnlyList<FailedRecord> failed, params IReadOnlyList<string> key)
    {
        var columns = key.Select(field => table.Columns.ToList().IndexOf(field)).ToList();
        var rows = table.Rows.ToLookup(row => string.Join('\n', columns.Select(column => row[column] as string)), StringComparer.Ordinal);
        var kept = failed.Select(KeyOf).ToLookup(name => name, StringComparer.Ordinal);
        var records = source.ToLookup(KeyIn, StringComparer.Ordinal);
        var (lost, twice, different) = (0L, 0L, 0L);
        foreach (var name in records.Select(r => r.Key).Concat(rows.Select(r => r.Key)).Concat(kept.Select(k => k.Key)).Distinct(StringComparer.Ordinal))
        {
            // Records without a key are told from each other by their number.
            var surplus = rows[name].Count() + kept[name].Count() - records[name].Count();
            lost += Math.Max(0, -surplus);
            twice += Math.Max(0, surplus);
            if (records[name].Take(2).ToList() is [var only] && rows[name].FirstOrDefault() is { } row && !Equal(only, table.Columns, row)) different++;
        }
        return new SourceComparison { AtSource = source.Count, InTable = table.Rows.Count, Failed = failed.Count, Lost = lost, Twice = twice, Different = different };

        string KeyOf(FailedRecord record)
        {
            using var json = JsonDocument.Parse(record.Payload);
            return KeyIn(json.RootElement);
        }

        string KeyIn(JsonElement record) => string.Join('\n', key.Select(field => Text(record, field)));
    }

    /// <summary>Says it to people, as the line below the counts.</summary>
    /// <param name="expected">What a value has to be, such as "as it was posted".</param>
    /// <param name="otherwise">What it is else, such as "than were posted".</param>
    public string Verdict(string expected, string otherwise) => $"            lost / twice = {Lost} / {Twice}, {(Different == 0 ? $"each value {expected}" : $"{Different} with other values {otherwise}")}";

    /// <summary>Writes it as a member of the demo's JSON document.</summary>
    public void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteNumber("at_source", AtSource);
        json.WriteNumber("in_table", InTable);
        json.WriteNumber("failed", Failed);
        json.WriteNumber("lost", Lost);
        json.WriteNumber("twice", Twice);
        json.WriteNumber("different", Different);
        json.WriteEndObject();
    }

    private static string Text(JsonElement record, string field) => record.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static bool Equal(JsonElement record, IReadOnlyList<string> columns, IReadOnlyList<object?> row)
    {
        var stored = columns.Zip(row).ToDictionary(c => c.First, c => c.Second, StringComparer.Ordinal);
        return record.EnumerateObject().All(field => stored.TryGetValue(field.Name, out var value) ? Equal(field.Value, value) : field.Value.ValueKind == JsonValueKind.Null);
    }

    private static bool Equal(JsonElement expected, object? found) => (expected.ValueKind, found) switch
    {
        (JsonValueKind.Null, _) => found is null,
        (JsonValueKind.True or JsonValueKind.False, bool or long) => expected.GetBoolean() == Convert.ToBoolean(found, CultureInfo.InvariantCulture),
        (JsonValueKind.String, string text) => string.Equals(expected.GetString(), text, StringComparison.Ordinal) || (Time(expected.GetString()) is { } time && time == Time(text)),
        (JsonValueKind.Number, IConvertible number) => expected.GetDecimal() == number.ToDecimal(CultureInfo.InvariantCulture),
        (JsonValueKind.Object or JsonValueKind.Array, string json) => SameJson(expected, json),
        _ => false,
    };

    // A database may keep JSON as it likes, with other spaces and the names in another order.
    private static bool SameJson(JsonElement expected, string json)
    {
        using var found = JsonDocument.Parse(json);
        return JsonElement.DeepEquals(expected, found.RootElement);
    }

    private static DateTimeOffset? Time(string? text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
