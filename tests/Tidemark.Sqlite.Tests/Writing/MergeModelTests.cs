using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using static Tidemark.Sqlite.Tests.TestDatabase;

namespace Tidemark.Sqlite.Tests.Writing;

/// <summary>Generated sequences of batches, commits, rollbacks and reopenings against a dictionary that does the same.</summary>
public sealed class MergeModelTests
{
    // What each JSON value is as text, however its column stores it.
    private static readonly (string Json, string? Text)[] Values =
    [
        ("1", "1"), ("2", "2"), ("-7", "-7"), ("1.5", "1.5"), ("0.1", "0.1"), ("9007199254740993", "9007199254740993"), ("12345678901234567890.5", "12345678901234567890.5"),
        ("\"01\"", "01"), ("\"1\"", "1"), ("\"x\"", "x"), ("\"\"", ""), ("null", null), ("[1]", "[1]"),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Merge_does_what_a_dictionary_does(bool withCursor) => Check.QuickThrowOnFailure(
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), seeds => RunAsync(seeds, Target(cursor: withCursor ? "at" : null)).GetAwaiter().GetResult()));

    private static async Task<bool> RunAsync(int[] seeds, StreamTarget target)
    {
        using var db = new TestDatabase();
        var committed = new Dictionary<string, Dictionary<string, string?>>(StringComparer.Ordinal);
        var writer = await db.OpenAsync(target);
        foreach (var seed in seeds)
        {
            var random = new Random(seed);
            if (random.Next(6) == 0)
            {
                await writer.DisposeAsync();
                writer = await db.OpenAsync(target);
            }
            var working = Copy(committed);
            await using var transaction = await writer.BeginAsync(default);
            for (var writes = random.Next(1, 4); writes > 0; writes--)
            {
                var records = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Record(random)).ToList();
                using var batch = Batch(target.Schema, [.. records.Select(r => r.Json)]);
                var before = Copy(working);
                foreach (var record in Ordered(records.ConvertAll(r => r.Fields), target.CursorField)) Apply(working, record, target.CursorField);
                var counts = await transaction.WriteAsync(batch, 0, batch.Count, default);
                counts.Inserted.ShouldBe(working.Count - before.Count);
                (counts.Inserted + counts.Updated + counts.Unchanged).ShouldBe(records.Count);
                var changed = before.Count(r => Line(r.Value) != Line(working[r.Key]));
                // Versions that go one after the other may each change the row.
                if (target.CursorField is null) counts.Updated.ShouldBe(changed);
                else counts.Updated.ShouldBeGreaterThanOrEqualTo(changed);
            }
            if (random.Next(3) > 0)
            {
                await transaction.CommitAsync(Checkpoint.None, default);
                committed = working;
            }
            else
            {
                await transaction.DisposeAsync();
            }
            Stored(db).ShouldBe(committed.Values.Select(Line).Order(StringComparer.Ordinal));
        }
        await writer.DisposeAsync();
        return true;
    }

    private static (string Json, Dictionary<string, string?> Fields) Record(Random random)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal);
        var json = new List<string>();
        var id = random.Next(5).ToString(CultureInfo.InvariantCulture);
        fields["id"] = id;
        json.Add($"\"id\":{(random.Next(20) == 0 ? $"\"{id}\"" : id)}");
        foreach (var name in new[] { "a", "A", "b" })
        {
            if (random.Next(3) == 0) continue;
            var (value, text) = name == "b" ? Values[random.Next(3)] : Values[random.Next(Values.Length)];
            fields[name] = text;
            json.Add($"\"{name}\":{value}");
        }
        if (random.Next(4) > 0)
        {
            fields["at"] = random.Next(8) == 0 ? null : random.Next(10).ToString(CultureInfo.InvariantCulture);
            json.Add($"\"at\":{fields["at"] ?? "null"}");
        }
        return ($"{{{string.Join(',', json.OrderBy(_ => random.Next()))}}}", fields);
    }

    private static Dictionary<string, Dictionary<string, string?>> Copy(Dictionary<string, Dictionary<string, string?>> rows) =>
        rows.ToDictionary(r => r.Key, r => new Dictionary<string, string?>(r.Value, StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>Of each key the older versions first; a version without a cursor value stays behind those that came before it.</summary>
    private static List<Dictionary<string, string?>> Ordered(List<Dictionary<string, string?>> records, string? cursor)
    {
        var ordered = new List<Dictionary<string, string?>>();
        foreach (var versions in records.GroupBy(r => r["id"]!, StringComparer.Ordinal))
        {
            var start = ordered.Count;
            foreach (var version in versions)
            {
                var at = ordered.Count;
                while (at > start && IsOlder(version, ordered[at - 1], cursor)) at--;
                ordered.Insert(at, version);
            }
        }
        return ordered;
    }

    private static bool IsOlder(Dictionary<string, string?> version, Dictionary<string, string?> than, string? cursor) =>
        cursor is not null && version.GetValueOrDefault(cursor) is { } a && than.GetValueOrDefault(cursor) is { } b
        && int.Parse(a, CultureInfo.InvariantCulture) < int.Parse(b, CultureInfo.InvariantCulture);

    private static void Apply(Dictionary<string, Dictionary<string, string?>> rows, Dictionary<string, string?> record, string? cursor)
    {
        if (!rows.TryGetValue(record["id"]!, out var row)) rows[record["id"]!] = new Dictionary<string, string?>(record, StringComparer.Ordinal);
        else if (!IsOlder(record, row, cursor)) foreach (var (field, value) in record) row[field] = value;
    }

    private static string Line(Dictionary<string, string?> row) => string.Join('|', new[] { "id", "a", "A", "b", "at" }.Select(f => row.GetValueOrDefault(f) ?? "∅"));

    private static IEnumerable<string> Stored(TestDatabase db)
    {
        if (db.Scalar("SELECT count(*) FROM sqlite_schema WHERE name = 't'") is 0L) return [];
        var columns = db.Rows("SELECT field, column_name FROM _tidemark_columns").Select(r => r.Split('|')).ToDictionary(r => r[0], r => r[1], StringComparer.Ordinal);
        var select = new[] { "id", "a", "A", "b", "at" }.Select(f => columns.TryGetValue(f, out var column) ? $"\"{column}\"" : "NULL");
        // A whole number in a floating-point column prints as 5 here, as it does in JSON.
        using var connection = db.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", select)} FROM t";
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read()) lines.Add(string.Join('|', Enumerable.Range(0, 5).Select(i => reader.IsDBNull(i) ? "∅" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return lines.Order(StringComparer.Ordinal);
    }
}
