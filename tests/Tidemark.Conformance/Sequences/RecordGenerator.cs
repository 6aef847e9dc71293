using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Tidemark.Destinations;

namespace Tidemark.Conformance.Sequences;

/// <summary>Makes records of few keys and fields, so that they meet: partial ones, nulls, all kinds of value, values that make a column wider, odd names.</summary>
/// <remarks>
/// Each value has one spelling only. Where a destination keeps spellings, another one of the same instant or object is a change, and where it does not, it is none: the counts of
/// destinations can't agree there. For a destination without typed columns no two values differ in their type alone, and there is none that it refuses.
/// </remarks>
internal static class RecordGenerator
{
    private const int MaxDecimalDigits = 34;
    private static readonly string LongName = new('n', 70);

    /// <summary>The fields that may be missing, with values for each; a value comes from the common ones mostly, so that columns stay typed for a while.</summary>
    private static readonly (string Field, string[] Common, string[] Rare)[] Fields =
    [
        ("any", ["1", "2", "-7", "1.5", "0.1", "5.0", "\"x\""], ["9007199254740993", "12345678901234567890.5", "\"01\"", "\"1\"", "\"\"", "[1]", "true", "\"2026-01-02T03:04:05Z\"", "\"2026-01-02\"", "\"ü🌊\""]),
        ("Any", ["1", "2"], ["\"x\""]),
        ("whole", ["0", "1", "-9223372036854775808", "9223372036854775807"], ["2.5", "18446744073709551616"]),
        ("real", ["0.5", "-1.25", "1e100", "3"], ["123456789012345678901234567890.123456789", "9007199254740993"]),
        ("when", ["\"2026-01-02T03:04:05Z\"", "\"2026-01-02T03:04:05.123456Z\"", "\"1960-02-29T23:59:59Z\""], ["\"soon\""]),
        ("day", ["\"2026-01-02\"", "\"1900-03-01\""], ["\"never\"", "\"2026-01-02T03:04:05Z\""]),
        ("ok", ["true", "false"], ["\"yes\"", "1"]),
        ("doc", ["{\"a\":1}", "[1,2]", "{}", "{\"b\":[true,null],\"cc\":\"x\"}"], ["[]"]),
        ("order", ["\"x\"", "\"\"", "\"it's\"", "\"tab\\there\"", "\"\\\\N\"", "\"a\\\"b\""], ["\"new\\nline\"", "\"ü🌊\"", "7"]),
        ("", ["1", "2"], ["\"x\""]),
        ("with \"quotes\", blanks.dots", ["1", "2"], ["\"x\""]),
        (LongName + "1", ["1", "2"], ["\"x\""]),
        (LongName + "2", ["\"x\"", "\"y\""], ["1"]),
    ];

    /// <summary>The fields that a column may be added for or dropped.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["whole", "when", "doc", "ok", "Any"];

    public static string Make(Random random, StreamTarget target, bool hasTypes)
    {
        var parts = new List<string>();
        foreach (var key in target.Schema.PrimaryKey) parts.Add(Part(key, KeyValue(random, key, hasTypes)));
        // Without a key nothing but a value tells the table's columns.
        if (target.Schema.PrimaryKey.Count == 0) parts.Add(Part("n", Number(random.Next(10))));
        foreach (var (field, common, rare) in Fields)
        {
            if (random.Next(4) > 0) continue;
            var kind = random.Next(20);
            var value = kind == 0 ? "null" : kind == 1 ? Pick(random, rare) : Pick(random, common);
            if (hasTypes || (FitsDocument(value) && (target.Schema.PrimaryKey.Count == 0 || NameFitsDocument(field)))) parts.Add(Part(field, value));
        }
        if (target.CursorField is { } cursor && random.Next(6) > 0) parts.Add(Part(cursor, random.Next(8) == 0 ? "null" : CursorValue(random, cursor)));
        if (random.Next(3) == 0) random.Shuffle(CollectionsMarshal.AsSpan(parts));
        return $"{{{string.Join(",", parts)}}}";
    }

    // A text of digits is another value than the number, and a decimal has an end.
    private static bool FitsDocument(string value) => value != "\"1\"" && value.Count(char.IsAsciiDigit) <= MaxDecimalDigits;

    // In an update a dot makes a path.
    private static bool NameFitsDocument(string field) => field.Length > 0 && !field.Contains('.', StringComparison.Ordinal);

    private static string KeyValue(Random random, string key, bool hasTypes)
    {
        var number = Number(random.Next(key == "id" ? 6 : 2));
        return random.Next(60) == 0 && hasTypes ? $"\"{number}\"" : number;
    }

    private static string CursorValue(Random random, string field) =>
        field == "version" ? Number(random.Next(10)) : $"\"2026-01-0{1 + random.Next(9)}T00:00:00Z\"";

    private static string Part(string field, string value) => $"{JsonSerializer.Serialize(field)}:{value}";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Pick(Random random, string[] values) => values[random.Next(values.Length)];
}
