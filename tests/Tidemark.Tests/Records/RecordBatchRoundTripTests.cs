using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Tidemark.Records;

namespace Tidemark.Tests.Records;

/// <summary>Generated records go into a batch; what comes out of its cells is what went in.</summary>
public class RecordBatchRoundTripTests
{
    private static readonly string[] Names = ["id", "a", "b", "name", "é", "with \" quote", "", "x.y"];
    private static readonly string[] Texts = ["", "x", "line\nbreak", "\"quoted\"", "é😀", "\0", "2026-01-09", "12", "</script>", "tab\tand\\", "2026-01-09T10:00:00Z", "2026-01-09 10:00:00.5+01:00", "2026-01-09T10:00:00", "2026-01-09T10:00:00.0000001Z", "2026-13-09"];
    private static readonly string[] Numbers = ["0", "-1", "1.5", "1e10", "-0.25", "9007199254740993", "9.007199254740993", "0.30000000000000004", "12345678901234567890", "1E-7"];

    [Fact]
    public void Batch_gives_back_the_values_of_generated_records() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll<byte[]>(script => RoundTrip(new Script(script ?? []))));

    private static bool RoundTrip(Script script)
    {
        using var batch = new RecordBatch(new BatchSchema());
        var records = Enumerable.Range(0, 1 + script.Choose(5)).Select(_ => Fields(script)).ToList();
        foreach (var record in records)
        {
            // Every now and then something between them that is refused.
            if (script.Choose(4) == 1) batch.Add("""{"a":"x","other":[1],"b":"\ud800"}""").ShouldNotBeNull();
            batch.Add(Json(record, script)).ShouldBeNull();
        }
        for (var row = 0; row < records.Count; row++)
        {
            foreach (var column in batch.Columns)
            {
                var expected = records[row].TryGetValue(column.Field, out var value) ? value : "Absent";
                Same(batch, column[row], expected).ShouldBeTrue($"{column.Field} of {row}: {batch.Show(column.Field, row)}, expected {expected}");
            }
            records[row].Keys.Except(batch.Columns.Select(c => c.Field), StringComparer.Ordinal).ShouldBeEmpty();
        }
        return true;
    }

    private static Dictionary<string, string> Fields(Script script)
    {
        var record = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = script.Choose(6); i > 0; i--) record[Names[script.Choose(Names.Length)]] = Value(script, depth: 0);
        return record;
    }

    private static string Value(Script script, int depth) => script.Choose(depth < 3 ? 7 : 5) switch
    {
        0 => "null",
        1 => "true",
        2 => Numbers[script.Choose(Numbers.Length)],
        3 or 4 => Quote(Texts[script.Choose(Texts.Length)], script),
        5 => "[" + string.Join(" , ", Enumerable.Range(0, script.Choose(3)).Select(_ => Value(script, depth + 1))) + "]",
        _ => "{" + string.Join(",", Enumerable.Range(0, script.Choose(3)).Select(i => $"\"k{i}\": {Value(script, depth + 1)}")) + "}",
    };

    private static string Json(Dictionary<string, string> record, Script script) =>
        "{" + string.Join(script.Choose(2) == 0 ? "," : " ,\n", record.Select(f => Quote(f.Key, script) + ":" + f.Value)) + "}";

    /// <summary>With as many escapes as JSON asks for, or with nothing but escapes.</summary>
    private static string Quote(string text, Script script)
    {
        var all = script.Choose(3) == 1;
        var quoted = new StringBuilder("\"");
        foreach (var c in text) quoted.Append(all || c is '"' or '\\' || c < ' ' ? $"\\u{(int)c:x4}" : $"{c}");
        return quoted.Append('"').ToString();
    }

    private static bool Same(RecordBatch batch, Cell cell, string json)
    {
        string Bytes() => Encoding.UTF8.GetString(batch.Bytes(cell));
        return cell.Kind switch
        {
            CellKind.Absent => json is "Absent",
            CellKind.Null => json is "null",
            CellKind.Boolean => json is "true" == (cell.Integer == 1),
            CellKind.Integer => string.Equals(json, cell.Integer.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
            CellKind.Double => decimal.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture) == decimal.Parse(cell.Double.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture),
            CellKind.Text or CellKind.Timestamp or CellKind.Date => json[0] == '"' && string.Equals((string?)JsonNode.Parse(json), Bytes(), StringComparison.Ordinal),
            _ => string.Equals(json, Bytes(), StringComparison.Ordinal),
        };
    }

    private sealed class Script(byte[] bytes)
    {
        private int _next;

        public int Choose(int below) => _next < bytes.Length ? bytes[_next++] % below : 0;
    }
}
