using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Tidemark.Scanning;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests.Writing;

/// <summary>Generated sequences of batches, commits and rollbacks, over arrays, stages and COPY, against a dictionary that writes the records one by one.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class MergeModelTests(PostgresServer server)
{
    private static readonly string[] Fields = ["id", "at", "a", "b"];

    // What each JSON value is as text, however its column stores it.
    private static readonly (string Json, string? Text)[] Values =
    [
        ("1", "1"), ("2", "2"), ("-7", "-7"), ("1.5", "1.5"), ("9007199254740993", "9007199254740993"), ("12345678901234567890.5", "12345678901234567890.5"),
        ("'01'", "01"), ("'x'", "x"), ("''", ""), ("null", null), ("null", null),
    ];

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 1000)]
    [InlineData(true, 1000)]
    [InlineData(true, 3)]
    public async Task Merge_does_what_a_dictionary_does(bool hasCursor, int maxArrayRows)
    {
        await using var bench = await RowsBench.OpenAsync(server, cursor: hasCursor ? "at" : null, maxArrayRows: maxArrayRows, sql: "CREATE TABLE t (id bigint PRIMARY KEY, at bigint, a text, b text)");
        await bench.WriteAsync("{'id':0,'at':0,'a':'x','b':'x'}");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), seeds => RunAsync(bench, seeds).GetAwaiter().GetResult()));
    }

    private static async Task<bool> RunAsync(RowsBench bench, int[] seeds)
    {
        await bench.Writer.Session.ExecuteAsync("TRUNCATE t", default);
        var rows = new Dictionary<string, Dictionary<string, string?>>(StringComparer.Ordinal);
        foreach (var seed in seeds)
        {
            var random = new Random(seed);
            var records = Enumerable.Range(0, random.Next(1, 8)).Select(_ => Record(random)).ToList();
            var working = rows.ToDictionary(r => r.Key, r => new Dictionary<string, string?>(r.Value, StringComparer.Ordinal), StringComparer.Ordinal);
            bench.Writer.Session.Begin();
            var counts = await bench.Writer.WriteInAsync([.. records.Select(r => $"{{{string.Join(",", r.Select(f => $"'{f.Key}':{f.Value.Json}"))}}}")]);
            if (random.Next(4) == 0)
            {
                await bench.Writer.Session.RollbackAsync();
                continue;
            }
            await bench.Writer.Session.CommitAsync(default);
            foreach (var record in Ordered(records, bench.Cursor)) Apply(working, record, bench.Cursor);
            counts.Inserted.ShouldBe(working.Count - rows.Count);
            (counts.Inserted + counts.Updated + counts.Unchanged).ShouldBe(records.Count);
            counts.Updated.ShouldBeGreaterThanOrEqualTo(rows.Count(r => !Same(r.Value, working[r.Key])));
            rows = working;
            var stored = await bench.Writer.Session.RowsAsync($"SELECT {string.Join(", ", Fields.Select(f => $"{f}::text"))} FROM t ORDER BY id", default);
            stored.Select(r => string.Join("|", r.Select(v => v ?? "NULL"))).ShouldBe(rows.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => Line(r.Value)));
        }
        return true;
    }

    private static List<Dictionary<string, (string Json, string? Text)>> Ordered(List<Dictionary<string, (string Json, string? Text)>> records, string? cursor)
    {
        var ordered = new List<Dictionary<string, (string Json, string? Text)>>();
        foreach (var group in records.GroupBy(r => r["id"].Text, StringComparer.Ordinal))
        {
            var same = new List<Dictionary<string, (string Json, string? Text)>>();
            foreach (var record in group)
            {
                var at = same.Count;
                while (cursor is not null && at > 0 && IsOlder(record, same[at - 1].GetValueOrDefault(cursor).Text, cursor)) at--;
                same.Insert(at, record);
            }
            ordered.AddRange(same);
        }
        return ordered;
    }

    private static void Apply(Dictionary<string, Dictionary<string, string?>> rows, Dictionary<string, (string Json, string? Text)> record, string? cursor)
    {
        var key = record["id"].Text!;
        if (!rows.TryGetValue(key, out var row)) rows[key] = row = new(StringComparer.Ordinal);
        else if (cursor is not null && IsOlder(record, row.GetValueOrDefault(cursor), cursor)) return;
        foreach (var (field, value) in record) row[field] = value.Text;
    }

    private static bool IsOlder(Dictionary<string, (string Json, string? Text)> record, string? than, string cursor) =>
        record.GetValueOrDefault(cursor).Text is { } version && than is not null && CursorKinds.Compare(version, than) < 0;

    private static Dictionary<string, (string Json, string? Text)> Record(Random random)
    {
        var id = random.Next(5).ToString(CultureInfo.InvariantCulture);
        var record = new Dictionary<string, (string Json, string? Text)>(StringComparer.Ordinal) { ["id"] = (id, id) };
        var at = random.Next(4).ToString(CultureInfo.InvariantCulture);
        if (random.Next(4) > 0) record["at"] = random.Next(6) == 0 ? ("null", null) : (at, at);
        foreach (var field in Fields[2..])
        {
            if (random.Next(3) > 0) record[field] = Values[random.Next(Values.Length)];
        }
        return record;
    }

    private static bool Same(Dictionary<string, string?> a, Dictionary<string, string?> b) => string.Equals(Line(a), Line(b), StringComparison.Ordinal);

    private static string Line(Dictionary<string, string?> row) => string.Join("|", Fields.Select(f => row.GetValueOrDefault(f) ?? "NULL"));
}
