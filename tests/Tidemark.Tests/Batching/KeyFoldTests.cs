using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tidemark.Batching;
using Tidemark.Records;
using Tidemark.Scanning;

namespace Tidemark.Tests.Batching;

public sealed class KeyFoldTests
{
    private static readonly string[] Fields = ["id", "at", "a", "b", "c"];

    [Theory]
    [InlineData(ColumnType.Decimal, "[1,1.0,10e-1,0.1e1,1.00000000000000000000]", 1)]
    [InlineData(ColumnType.Decimal, "[0,-0.0,0e5,0.000000000000000000000]", 1)]
    [InlineData(ColumnType.Decimal, "[1,-1,10,100,0.1,1.00000000000000000001,100000000000000000000]", 7)]
    [InlineData(ColumnType.Decimal, "[100000000000000000000,1e20,1000000000000000000.00e2]", 1)]
    [InlineData(ColumnType.Double, "[1,1.0,1e0]", 1)]
    [InlineData(ColumnType.Double, "[0,-0.0]", 1)]
    [InlineData(ColumnType.Bigint, "[1,1.0,2]", 2)]
    [InlineData(ColumnType.Text, "[1,\"1\",1.0]", 1)]
    [InlineData(ColumnType.Text, "[\"01\",\"1\",\"a\",\"A\",\"\",\"a \"]", 6)]
    [InlineData(ColumnType.Timestamp, "[\"2026-01-09T10:00:00Z\",\"2026-01-09T11:00:00.000+01:00\",\"2026-01-09 10:00:00Z\"]", 1)]
    [InlineData(ColumnType.Text, "[\"2026-01-09T10:00:00Z\",\"2026-01-09T11:00:00+01:00\"]", 2)]
    [InlineData(ColumnType.Date, "[\"2026-01-09\",\"2026-01-10\"]", 2)]
    [InlineData(ColumnType.Boolean, "[true,false,true]", 2)]
    public void Keys_are_equal_as_their_column_sees_them(ColumnType type, string values, int expected)
    {
        using var batch = new RecordBatch(new BatchSchema());
        foreach (var value in System.Text.Json.JsonDocument.Parse(values).RootElement.EnumerateArray()) Add(batch, $"{{\"id\":{value.GetRawText()}}}");
        using var fold = new KeyFold();
        fold.Fold(batch, 0, batch.Count, [new KeyPart(batch.Columns[0], type)], default);
        fold.Rounds.ShouldBe(1);
        fold.Round(0).Length.ShouldBe(expected);
    }

    [Fact]
    public void Keys_of_several_texts_do_not_run_together()
    {
        using var batch = new RecordBatch(new BatchSchema());
        Add(batch, """{"a":"x","b":"yz"}""");
        Add(batch, """{"a":"xy","b":"z"}""");
        using var fold = new KeyFold();
        fold.Fold(batch, 0, 2, [new KeyPart(batch.Columns[0], ColumnType.Text), new KeyPart(batch.Columns[1], ColumnType.Text)], default);
        fold.Round(0).Length.ShouldBe(2);
    }

    [Fact]
    public void Records_without_a_key_are_all_kept()
    {
        using var batch = new RecordBatch(new BatchSchema());
        for (var i = 0; i < 3; i++) Add(batch, """{"a":1}""");
        using var fold = new KeyFold();
        fold.Fold(batch, 1, 2, [], default);
        fold.Round(0).ToArray().ShouldBe([new FoldedRow(1, -1), new FoldedRow(2, -1)]);
    }

    [Fact]
    public void Rounds_are_no_more_than_columns_that_older_records_bring()
    {
        using var batch = new RecordBatch(new BatchSchema());
        for (var i = 0; i < 100; i++) Add(batch, i % 2 == 0 ? $$"""{"id":1,"at":{{i}},"a":{{i}}}""" : $$"""{"id":1,"at":{{i}},"b":{{i}}}""");
        using var fold = new KeyFold();
        fold.Fold(batch, 0, batch.Count, [new KeyPart(batch.Columns[0], ColumnType.Bigint)], new VersionOrder(batch.Columns[1], true, CursorKinds.Compare));
        fold.Rounds.ShouldBe(2);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Writing_the_rounds_is_writing_the_records_one_by_one(bool hasCursor, bool isGuarded) => Check.QuickThrowOnFailure(
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), seeds => Same(seeds, hasCursor, isGuarded)));

    private static bool Same(int[] seeds, bool hasCursor, bool isGuarded)
    {
        using var fold = new KeyFold();
        foreach (var seed in seeds)
        {
            var random = new Random(seed);
            using var batch = new RecordBatch(new BatchSchema());
            // All columns are known from the start, in this order.
            Add(batch, """{"id":0,"at":null,"a":null,"b":null,"c":null}""");
            var count = random.Next(1, 30);
            for (var i = 0; i < count; i++) Add(batch, Record(random));
            var stored = new Dictionary<string, Dictionary<string, string?>>(StringComparer.Ordinal)
            {
                ["1"] = new(StringComparer.Ordinal) { ["id"] = "1", ["at"] = Cursor(random), ["a"] = "s", ["b"] = "s", ["c"] = null },
            };
            var folded = stored.ToDictionary(r => r.Key, r => new Dictionary<string, string?>(r.Value, StringComparer.Ordinal), StringComparer.Ordinal);

            foreach (var row in Ordered(batch, count, hasCursor)) Apply(stored, field => Value(batch, field, row), isGuarded);
            fold.Fold(batch, 1, count, [new KeyPart(batch.Columns[0], ColumnType.Bigint)], new VersionOrder(hasCursor ? batch.Columns[1] : null, isGuarded, CursorKinds.Compare));
            for (var round = 0; round < fold.Rounds; round++)
            {
                var rows = fold.Round(round).ToArray();
                rows.Select(r => Value(batch, 0, r.Record)).Distinct(StringComparer.Ordinal).Count().ShouldBe(rows.Length);
                foreach (var row in rows) Apply(folded, field => Value(batch, field, fold.RecordOf(row, field)), isGuarded);
            }
            Lines(folded).ShouldBe(Lines(stored));
        }
        return true;
    }

    private static List<int> Ordered(RecordBatch batch, int count, bool hasCursor)
    {
        var ordered = new List<int>();
        foreach (var row in Enumerable.Range(1, count))
        {
            var at = ordered.Count;
            bool IsAfter(int other) => hasCursor && Value(batch, 1, row) is var mine and not Absent and not Null && Value(batch, 1, other) is var its and not Absent and not Null && CursorKinds.Compare(mine, its) < 0;
            // Only versions of the same row are put in order.
            var same = ordered.FindAll(r => Value(batch, 0, r) == Value(batch, 0, row));
            foreach (var other in Enumerable.Reverse(same))
            {
                if (!IsAfter(other)) break;
                at = ordered.IndexOf(other);
            }
            ordered.Insert(at, row);
        }
        return ordered;
    }

    private static void Apply(Dictionary<string, Dictionary<string, string?>> rows, Func<int, string> value, bool isGuarded)
    {
        var key = value(0);
        if (!rows.TryGetValue(key, out var row)) rows[key] = row = new(StringComparer.Ordinal) { ["at"] = null };
        if (isGuarded && value(1) is var cursor and not Absent and not Null && row["at"] is { } has && CursorKinds.Compare(cursor, has) < 0) return;
        for (var field = 0; field < Fields.Length; field++)
        {
            if (value(field) is var text and not Absent) row[Fields[field]] = text == Null ? null : text;
        }
    }

    private const string Absent = "absent";
    private const string Null = "null";

    private static string Value(RecordBatch batch, int field, int row) => batch.Columns[field][row] switch
    {
        { Kind: CellKind.Absent } => Absent,
        { Kind: CellKind.Null } => Null,
        { Kind: CellKind.Integer } cell => cell.Integer.ToString(CultureInfo.InvariantCulture),
        var cell => Encoding.UTF8.GetString(batch.Bytes(cell)),
    };

    private static string Record(Random random)
    {
        var fields = new List<string> { $"\"id\":{random.Next(3)}" };
        if (random.Next(5) > 0) fields.Add($"\"at\":{(Cursor(random) is { } cursor ? cursor.Length == 1 ? cursor : $"\"{cursor}\"" : Null)}");
        foreach (var field in Fields[2..])
        {
            if (random.Next(2) == 0) fields.Add($"\"{field}\":{(random.Next(4) == 0 ? Null : random.Next(100).ToString(CultureInfo.InvariantCulture))}");
        }
        return $"{{{string.Join(",", fields)}}}";
    }

    private static string? Cursor(Random random) => random.Next(8) switch { 0 => null, 1 => "text", 2 => "2026-01-09T10:00:00Z", var n => $"{n}" };

    private static IEnumerable<string> Lines(Dictionary<string, Dictionary<string, string?>> rows) =>
        rows.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => string.Join("|", Fields.Select(f => r.Value.GetValueOrDefault(f) ?? Null)));

    private static void Add(RecordBatch batch, string record) => batch.Add(Encoding.UTF8.GetBytes(record)).ShouldBeNull();
}
