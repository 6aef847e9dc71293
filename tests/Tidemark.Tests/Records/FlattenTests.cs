using FsCheck;
using FsCheck.Fluent;
using System.Text.Json.Nodes;
using Tidemark.Records;

namespace Tidemark.Tests.Records;

public sealed class FlattenTests
{
    [Fact]
    public void Object_becomes_a_column_for_each_value_in_it()
    {
        using var batch = Batch("""{"id":1,"address":{"city":"K\u00f6ln","geo":{"lat":50.9,"tags":[{"a":1}]},"since":"2026-01-09"},"n":2}""", """{"address":{"geo":{},"zip":null},"id":2}""");
        batch.Columns.Where(c => c.Type is not null).Select(c => $"{c.Field} {c.Type}").ShouldBe(
            ["id Bigint", "address__city Text", "address__geo__lat Double", "address__geo__tags Json", "address__since Date", "n Bigint"]);
        batch.Show("address__city").ShouldBe("Text Köln");
        batch.Show("address__geo__tags").ShouldBe("""Json [{"a":1}]""");
        batch.Show("address__city", 1).ShouldBe("Absent");
        batch.Show("address__geo__lat", 1).ShouldBe("Absent");
        batch.Show("address__zip", 1).ShouldBe("Null");
    }

    [Theory]
    [InlineData("null", "Null")]
    [InlineData("5", "Integer 5")]
    [InlineData("[1]", "Json [1]")]
    public void Object_that_is_gone_clears_all_its_columns(string instead, string shown)
    {
        using var batch = Batch("""{"a":{"b":1,"c":{"d":2}},"ab":3}""", $$"""{"a":{{instead}}}""", """{"a":{"c":null}}""", "{}");
        (batch.Show("a", 1), batch.Show("a__b", 1), batch.Show("a__c__d", 1), batch.Show("ab", 1)).ShouldBe((shown, "Null", "Null", "Absent"));
        (batch.Show("a__b", 2), batch.Show("a__c__d", 2)).ShouldBe(("Absent", "Null"));
        batch.Show("a__b", 3).ShouldBe("Absent");
    }

    [Fact]
    public void Object_in_the_place_of_a_value_clears_it()
    {
        using var batch = Batch("""{"a":5}""", """{"a":{"b":1}}""");
        (batch.Show("a", 1), batch.Show("a__b", 1)).ShouldBe(("Null", "Integer 1"));
    }

    [Fact]
    public void Columns_of_the_table_are_cleared_though_the_batch_never_saw_them()
    {
        var known = new KnownFields(["a__b", "a__c__d", "ab", "a"]);
        using var batch = new RecordBatch(Schema(), known);
        batch.Add("""{"a":null}""").ShouldBeNull();
        (batch.Show("a__b"), batch.Show("a__c__d")).ShouldBe(("Null", "Null"));
        batch.Find("ab").ShouldBeNull();
        batch.Clear();
        batch.Add("""{"a":{"e":1}}""").ShouldBeNull();
        batch.Show("a").ShouldBe("Null");
        batch.Clear();
        batch.Add("""{"a":null}""").ShouldBeNull();
        batch.Show("a__e").ShouldBe("Null");
    }

    [Theory]
    [InlineData("""{"id":1,"a":{"b":"inner"},"a__b":"outer"}""")]
    [InlineData("""{"id":1,"a__b":"outer","a":{"b":"inner"}}""")]
    public void Record_with_two_fields_for_one_column_is_refused(string record)
    {
        using var batch = new RecordBatch(Schema());
        const string Reason = "two fields of the record make the column 'a__b': one has this name, the other is flattened to it; set nested: json";
        for (var i = 0; i < 2; i++) batch.Add(System.Text.Encoding.UTF8.GetBytes(record)).ShouldBe(Reason);
        // One of them alone is no harm, and a value in the object's place clears none but its own.
        batch.Add("""{"a":{"b":1}}"""u8).ShouldBeNull();
        batch.Add("""{"a":null,"a__b":2}"""u8).ShouldBeNull();
        batch.Add("""{"a__b":3,"a":null}"""u8).ShouldBeNull();
        Enumerable.Range(0, 3).Select(row => batch.Show("a__b", row)).ShouldBe(["Integer 1", "Integer 2", "Integer 3"]);
        batch.Add(System.Text.Encoding.UTF8.GetBytes(record)).ShouldBe(Reason);
    }

    [Fact]
    public void Declared_columns_win()
    {
        using var batch = Batch(
            [new("whole", null, ColumnType.Json), new("a__n", null, ColumnType.Bigint), new("deep", JsonPath.Parse("a.b"), null)], ["a__n"],
            """{"whole":{"x":1},"a":{"n":"7","b":true}}""");
        (batch.Show("whole"), batch.Show("a__n"), batch.Show("deep"), batch.Show("a__b")).ShouldBe(("""Json {"x":1}""", "Integer 7", "Boolean true", "Boolean true"));
        batch.Add("""{"a":{"n":null}}""").ShouldBe("the record has no value in 'a__n', which is part of the primary key");
        batch.Add("""{"a":{"n":"x"}}""").ShouldBe("found the text 'x' in 'a__n', expected bigint as declared");
        batch.Count.ShouldBe(1);
    }

    [Fact]
    public void Nesting_as_deep_as_it_may_be_is_flattened_and_deeper_is_refused()
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
        using var batch = Batch(Nested(JsonPath.MaxDepth));
        batch.Columns[^1].Field.ShouldBe(string.Join("__", Enumerable.Repeat("a", JsonPath.MaxDepth)));
        batch.Add(Nested(JsonPath.MaxDepth + 1)).ShouldNotBeNull();
        batch.Count.ShouldBe(1);
    }

    [Fact]
    public void Generated_records_are_flattened_as_a_tree_would_be() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), seeds =>
        {
            using var batch = Batch();
            var (expected, records) = (new List<Dictionary<string, string>>(), new List<JsonObject>());
            foreach (var random in seeds.Select(s => new Random(s)))
            {
                var record = Generated(random, depth: 0);
                records.Add(record);
                batch.Add(record.ToJsonString()).ShouldBeNull();
                var values = new Dictionary<string, string>(StringComparer.Ordinal);
                Flatten(record, "", values);
                expected.Add(values);
            }
            for (var row = 0; row < expected.Count; row++)
            {
                foreach (var column in batch.Columns)
                {
                    var shown = batch.Show(column.Field, row);
                    if (expected[row].TryGetValue(column.Field, out var value)) shown.ShouldEndWith(value == "null" ? "Null" : value);
                    else shown.ShouldBe(IsGone(expected[row], records[row], column.Field) && shown != "Absent" ? "Null" : "Absent", $"{column.Field} of {row} of {records[row].ToJsonString()}");
                }
                expected[row].Keys.Except(batch.Columns.Select(c => c.Field), StringComparer.Ordinal).ShouldBeEmpty();
            }
        }));

    // An object takes the place of a scalar of its name, an empty one too.
    private static bool IsGone(Dictionary<string, string> values, JsonObject record, string field) =>
        field.Split("__").Aggregate((JsonNode?)record, (node, name) => (node as JsonObject)?[name]) is JsonObject || values.Keys.Any(k => field.StartsWith(k + "__", StringComparison.Ordinal) || k.StartsWith(field + "__", StringComparison.Ordinal)) || values.Count == 0;

    private static JsonObject Generated(Random random, int depth)
    {
        var record = new JsonObject();
        foreach (var name in new[] { "a", "b", "c" })
        {
            var value = random.Next(depth < 3 ? 6 : 4);
            if (value > 0) record[name] = value switch { 1 => null, 2 => random.Next(100), 3 => new JsonArray(1), _ => Generated(random, depth + 1) };
        }
        return record;
    }

    private static void Flatten(JsonObject record, string prefix, Dictionary<string, string> values)
    {
        foreach (var (name, value) in record)
        {
            if (value is JsonObject inner) Flatten(inner, $"{prefix}{name}__", values);
            else values[prefix + name] = value?.ToJsonString() ?? "null";
        }
    }

    private static BatchSchema Schema() => new() { Nested = NestedValues.Flatten };

    private static RecordBatch Batch(params string[] records) => Batch([], [], records);

    private static RecordBatch Batch(DeclaredColumn[] columns, string[] key, params string[] records)
    {
        var batch = new RecordBatch(Schema() with { Columns = columns, PrimaryKey = key });
        foreach (var record in records) batch.Add(record).ShouldBeNull();
        return batch;
    }
}
