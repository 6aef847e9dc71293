using System.Text.Json;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Destinations;

/// <summary>Columns: names, types, and what widens them.</summary>
public abstract class ColumnTests(Harness harness) : DestinationTests(harness)
{
    [SkippableFact]
    public async Task Number_in_a_text_column_keeps_its_digits()
    {
        var target = Target(key: "v") with { Schema = new BatchSchema { PrimaryKey = ["v"], Columns = [new DeclaredColumn("v", null, ColumnType.Text)] } };
        string[] records = [.. new[] { "1.10", "1.1", "1.100", "5.0", "5", "-0.0", "0.50" }.Select(n => $$"""{"v":{{n}}}""")];
        (await WriteAsync(target, records)).Inserted.ShouldBe(7);
        (await WriteAsync(target, records)).Unchanged.ShouldBe(7);
        (await ValuesAsync("v")).Order(StringComparer.Ordinal).ShouldBe(["-0.0", "0.50", "1.1", "1.10", "1.100", "5", "5.0"]);
    }

    [SkippableTheory]
    [InlineData("true", ColumnType.Boolean)]
    [InlineData("9223372036854775807", ColumnType.Bigint)]
    [InlineData("-9223372036854775808", ColumnType.Bigint)]
    [InlineData("1.5", ColumnType.Double)]
    [InlineData("1e300", ColumnType.Double)]
    [InlineData("9223372036854775808", ColumnType.Decimal)]
    [InlineData("-123456789012345678901234567890.1234567890123456789", ColumnType.Decimal)]
    [InlineData("\"2026-01-02T03:04:05.678901+02:00\"", ColumnType.Timestamp)]
    [InlineData("\"0001-01-01T00:00:00Z\"", ColumnType.Timestamp)]
    [InlineData("\"9999-12-31T23:59:59.999999Z\"", ColumnType.Timestamp)]
    [InlineData("\"2026-01-02\"", ColumnType.Date)]
    [InlineData("\"2026-01-02T03:04:05\"", ColumnType.Text)]
    [InlineData("\"01\"", ColumnType.Text)]
    [InlineData("\"NaN\"", ColumnType.Text)]
    [InlineData("\"\"", ColumnType.Text)]
    [InlineData("\"a\\\\b\\tc\\nd\\u0001e 🌊\"", ColumnType.Text)]
    [InlineData("{\"a\":[1,{\"b\":\"ü\\\"\"}],\"c\":null}", ColumnType.Json)]
    public async Task Column_takes_its_type_from_its_values_and_keeps_them(string value, ColumnType type)
    {
        foreach (var pass in new[] { 1, 2 })
        {
            (await WriteAsync(Target(), $$"""{"id":{{pass}},"v":{{value}}}""")).Inserted.ShouldBe(1);
            (await WriteAsync(Target(), $$"""{"id":{{pass}},"v":{{value}}}""")).Unchanged.ShouldBe(1);
        }
        (await Db.ColumnsAsync("t")).ShouldBe([("id", Db.TypeName(ColumnType.Bigint)), ("v", Db.TypeName(type))]);
        var expected = Expected(value);
        (await ValuesAsync("v")).ShouldBe([expected, expected]);
    }

    [SkippableTheory]
    [InlineData("1", "\"01000\"", ColumnType.Text)]
    [InlineData("true", "\"x\"", ColumnType.Text)]
    [InlineData("false", "7", ColumnType.Text)]
    [InlineData("1.5", "\"x\"", ColumnType.Text)]
    [InlineData("0.1", "\"x\"", ColumnType.Text)]
    [InlineData("7", "true", ColumnType.Text)]
    [InlineData("\"a\"", "12", ColumnType.Text)]
    [InlineData("\"a\"", "12.5", ColumnType.Text)]
    [InlineData("\"a\"", "{\"x\": 1}", ColumnType.Text)]
    [InlineData("{\"x\": 1}", "\"a\"", ColumnType.Text)]
    [InlineData("[1]", "2", ColumnType.Text)]
    [InlineData("1", "1.5", ColumnType.Double)]
    [InlineData("1.5", "2", ColumnType.Double)]
    [InlineData("9007199254740993", "1.5", ColumnType.Decimal)]
    [InlineData("1.5", "9007199254740993", ColumnType.Decimal)]
    [InlineData("1", "12345678901234567890.123", ColumnType.Decimal)]
    [InlineData("1e100", "123456789012345678901234567890", ColumnType.Decimal)]
    [InlineData("123456789012345678901234567890", "1", ColumnType.Decimal)]
    [InlineData("123456789012345678901234567890", "\"x\"", ColumnType.Text)]
    [InlineData("\"2026-01-02T03:04:05.5Z\"", "\"soon\"", ColumnType.Text)]
    [InlineData("\"soon\"", "\"2026-01-02T03:04:05.5Z\"", ColumnType.Text)]
    [InlineData("\"2026-01-02\"", "\"soon\"", ColumnType.Text)]
    [InlineData("\"soon\"", "\"2026-01-02\"", ColumnType.Text)]
    [InlineData("\"2026-01-02\"", "2026", ColumnType.Text)]
    [InlineData("\"2026-01-02T03:04:05Z\"", "5", ColumnType.Text)]
    [InlineData("\"\"", "5", ColumnType.Text)]
    public async Task Column_widens_without_losing_a_digit(string first, string second, ColumnType type)
    {
        Db.NeedsSql();
        await WriteAsync(Target(), $$"""{"id":1,"v":{{first}}}""");
        (await WriteAsync(Target(), $$"""{"id":2,"v":{{second}}}""")).Inserted.ShouldBe(1);
        (await Db.ColumnsAsync("t"))[1].Type.ShouldBe(Db.TypeName(type));
        (await RowsAsync()).ShouldBe([$"id=1 v={Expected(first)}", $"id=2 v={Expected(second)}"]);
        (await WriteAsync(Target(), $$"""{"id":1,"v":{{second}}}""", $$"""{"id":2,"v":{{first}}}""")).ShouldBe(new WriteCounts(0, 2, 0));
        (await RowsAsync()).ShouldBe([$"id=1 v={Expected(second)}", $"id=2 v={Expected(first)}"]);
    }

    [SkippableTheory]
    [InlineData("\"2026-01-02T03:04:05Z\"", "\"2026-01-02\"")]
    [InlineData("\"2026-01-02\"", "\"2026-01-02T03:04:05Z\"")]
    [InlineData("\"2026-01-02T03:04:05Z\"", "\"2026-01-02T03:04:05\"")]
    [InlineData("\"2026-01-02T03:04:05Z\"", "\"2026-01-02T03:04:05.1234567Z\"")]
    public async Task Times_of_different_kinds_are_all_kept(string first, string second)
    {
        Db.NeedsSql();
        await WriteAsync(Target(), $$"""{"id":1,"v":{{first}}}""");
        await WriteAsync(Target(), $$"""{"id":2,"v":{{second}}}""");
        (await RowsAsync()).ShouldBe([$"id=1 v={Expected(first)}", $"id=2 v={Expected(second)}"]);
    }

    [SkippableTheory]
    [InlineData(SchemaContract.Evolve)]
    [InlineData(SchemaContract.Freeze)]
    [InlineData(SchemaContract.Discard)]
    public async Task Null_is_written_to_a_column_that_nothing_else_came_for(SchemaContract contract)
    {
        Db.NeedsSql();
        var target = Target() with { SchemaContract = contract };
        await Db.ExecuteAsync("""CREATE TABLE "t"("id" BIGINT PRIMARY KEY, "n" BIGINT)""");
        await Db.ExecuteAsync("""INSERT INTO "t" VALUES (1, 5), (2, 6)""");
        (await WriteAsync(target, """{"id":1,"n":null,"more":null}""")).ShouldBe(new WriteCounts(0, 1, 0));
        (await Db.ColumnsAsync("t")).Select(c => c.Name).ShouldBe(["id", "n"]);
        (await RowsAsync()).ShouldBe(["id=1", "id=2 n=6"]);
        var replacing = target with { Disposition = WriteDisposition.Replace, Table = "r" };
        await Db.ExecuteAsync("""CREATE TABLE "r"("id" BIGINT PRIMARY KEY, "n" BIGINT DEFAULT 7)""");
        await Db.ExecuteAsync("""INSERT INTO "r" VALUES (1, 5)""");
        await ScanAsync(replacing, Finish(), ["""{"id":1,"n":null,"more":null}"""]);
        (await RowsAsync("r")).ShouldBe(["id=1"]);
    }

    [SkippableFact]
    public async Task Key_widens_with_its_rows()
    {
        Db.NeedsSql();
        await WriteAsync(Target(), """{"id":1,"n":1}""", """{"id":2,"n":1}""");
        (await WriteAsync(Target(), """{"id":"01","n":1}""", """{"id":1,"n":5}""")).ShouldBe(new WriteCounts(1, 1, 0));
        (await RowsAsync()).ShouldBe(["id=01 n=1", "id=1 n=5", "id=2 n=1"]);
    }

    [SkippableFact]
    public async Task Names_that_differ_in_case_only_keep_columns_of_their_own()
    {
        await WriteAsync(Target(), """{"id":1,"Id":"upper","ID":"all"}""");
        await WriteAsync(Target(), """{"ID":"ALL","Id":"Upper","id":1,"iD":"odd"}""");
        (await RowsAsync()).ShouldBe(["ID=ALL Id=Upper iD=odd id=1"]);
        if (Db.SpeaksSql) (await Db.ColumnsAsync("t")).Select(c => c.Name).ShouldBe(Db.IgnoresCase ? ["id", "Id_2", "ID_3", "iD_4"] : ["id", "Id", "ID", "iD"]);
    }

    [SkippableFact]
    public async Task Strange_names_work()
    {
        Db.NeedsSql();
        string[] names = ["", "a.b", "with space", "qu\"ote", "sel'ect", "select", "user", "🌊", "_tidemark_deleted_at", "[x]", "a\0b", "-- x", "ctid", "rowid", "excluded", "old", "?1", "$1", "%s", "\\", "日本語", "é"];
        var table = "my \"table\", 🌊";
        var record = JsonSerializer.Serialize(names.Select((n, i) => (Name: n, Value: i)).Append(("id", 1)).ToDictionary(f => f.Item1, f => f.Item2, StringComparer.Ordinal));
        (await WriteAsync(Target(table), record)).Inserted.ShouldBe(1);
        (await WriteAsync(Target(table), record)).Unchanged.ShouldBe(1);
        (await WriteAsync(Target(table), """{"id":1,"a.b":"text","rowid":"x","🌊":"y","new \"one\"":1}""")).Updated.ShouldBe(1);
        var row = (await Db.ReadAsync(table)).ShouldHaveSingleItem();
        row.ShouldBe(names.Select((n, i) => (Name: n, Value: $"{i}")).Append((Name: "new \"one\"", Value: "1")).Append((Name: "id", Value: "1"))
            .ToDictionary(f => f.Name, f => f.Name switch { "a.b" => "text", "rowid" => "x", "🌊" => "y", _ => f.Value }, StringComparer.Ordinal), ignoreOrder: true);
    }

    [SkippableFact]
    public async Task Names_of_300_characters_that_agree_in_their_first_63_bytes_keep_columns_of_their_own()
    {
        var (one, two, wide) = (new string('n', 299) + "1", new string('n', 299) + "2", new string('é', 150));
        (await WriteAsync(Target(), $$"""{"id":1,"{{one}}":1,"{{two}}":2,"{{wide}}":3}""")).Inserted.ShouldBe(1);
        (await WriteAsync(Target(), $$"""{"id":1,"{{two}}":2,"{{one}}":1,"{{wide}}":3}""")).Unchanged.ShouldBe(1);
        (await WriteAsync(Target(), $$"""{"id":1,"{{two}}":"x","{{one}}":5,"{{wide[1..]}}":4}""")).Updated.ShouldBe(1);
        (await RowsAsync()).ShouldBe([$"id=1 {one}=5 {two}=x {wide[1..]}=4 {wide}=3"]);
    }

    [SkippableFact]
    public async Task Declared_columns_are_made_as_declared_even_before_a_value_arrives()
    {
        Db.NeedsSql();
        var types = new[] { ColumnType.Boolean, ColumnType.Bigint, ColumnType.Decimal, ColumnType.Double, ColumnType.Text, ColumnType.Timestamp, ColumnType.Date, ColumnType.Json, ColumnType.Bytes };
        var target = Target() with { Schema = new BatchSchema { PrimaryKey = ["id"], Columns = [.. types.Select(t => new DeclaredColumn(t.ToString(), null, t))] } };
        await WriteAsync(target, """{"id":1}""");
        (await Db.ColumnsAsync("t")).OrderBy(c => c.Name, StringComparer.Ordinal).ShouldBe(
            [.. types.Select(t => (Name: t.ToString(), Type: Db.TypeName(t))).Append((Name: "id", Type: Db.TypeName(ColumnType.Bigint))).OrderBy(c => c.Name, StringComparer.Ordinal)]);
        var record = """{"id":1,"Boolean":"true","Bigint":"7","Decimal":"1.10","Double":2,"Text":5,"Timestamp":"2026-01-02T03:04:05+01:00","Date":"2026-01-02","Json":"a\"b","Bytes":"AQID"}""";
        (await WriteAsync(target, record)).Updated.ShouldBe(1);
        (await WriteAsync(target, record)).Unchanged.ShouldBe(1);
        (await RowsAsync()).ShouldBe(["""Bigint=7 Boolean=true Bytes=AQID Date=2026-01-02 Decimal=1.1 Double=2 Json="a\u0022b" Text=5 Timestamp=2026-01-02T02:04:05Z id=1"""]);
    }

    [SkippableFact]
    public async Task Column_of_somebody_elses_takes_the_field_of_its_name()
    {
        Db.NeedsSql();
        await Db.ExecuteAsync("""CREATE TABLE "t"("id" INTEGER PRIMARY KEY, "name" VARCHAR(20), "Active" BOOLEAN, "own" TEXT DEFAULT 'd')""");
        (await WriteAsync(Target(), """{"id":1,"name":"ann","Active":true,"extra":1}""")).Inserted.ShouldBe(1);
        (await WriteAsync(Target(), """{"id":1,"name":"ann","Active":true,"extra":1}""")).Unchanged.ShouldBe(1);
        (await WriteAsync(Target(), """{"id":1,"name":"bob","Active":false}""")).Updated.ShouldBe(1);
        (await RowsAsync()).Select(r => r.Replace("Active=0", "Active=false", StringComparison.Ordinal)).ShouldBe(["Active=false extra=1 id=1 name=bob own=d"]);
        (await Db.ColumnsAsync("t")).Select(c => c.Name).ShouldBe(["id", "name", "Active", "own", "extra"]);
    }

    [SkippableFact]
    public async Task Change_of_the_table_by_somebody_else_is_seen_by_the_next_transaction()
    {
        Db.NeedsSql();
        var target = Target();
        await using var writer = await OpenAsync(target);
        await WriteAsync(writer, target, """{"id":1,"n":1}""");
        await Db.ExecuteAsync("""ALTER TABLE "t" ADD COLUMN "m" TEXT""");
        await Db.ExecuteAsync("""ALTER TABLE "t" DROP COLUMN "n" """);
        (await WriteAsync(writer, target, """{"id":1,"n":2,"m":"x"}""")).Updated.ShouldBe(1);
        (await RowsAsync()).ShouldBe(["id=1 m=x n=2"]);
    }

    [SkippableFact]
    public async Task Column_that_somebody_drops_leaves_its_name_to_another_field()
    {
        Db.NeedsSql();
        var (one, two) = (new string('n', 299) + "1", new string('n', 299) + "2");
        foreach (var (table, first, second) in new[] { ("t", "Any", "any"), ("u", one, two) })
        {
            await WriteAsync(Target(table), $$"""{"id":1,"{{first}}":1}""");
            var column = (await Db.ColumnsAsync(table))[1].Name;
            await Db.ExecuteAsync($"ALTER TABLE \"{table}\" DROP COLUMN \"{column}\"");
            await WriteAsync(Target(table), $$"""{"id":1,"{{second}}":2}""");
            await WriteAsync(Target(table), $$"""{"id":1,"{{first}}":3}""");
            (await RowsAsync(table)).ShouldBe([string.Join(' ', new[] { $"{first}=3", $"{second}=2", "id=1" }.Order(StringComparer.Ordinal))]);
        }
    }

    [SkippableFact]
    public async Task View_in_the_place_of_the_table_is_refused()
    {
        Db.NeedsSql();
        await Db.ExecuteAsync("""CREATE VIEW "t" AS SELECT 1 AS "id" """);
        var e = await RefusedAsync(Target(), """{"id":1}""");
        (e.Fault, e.Message.Contains("found a view '", StringComparison.Ordinal)).ShouldBe((DestinationFault.Fatal, true), e.Message);
    }

    [SkippableTheory]
    [InlineData("_tidemark_checkpoints")]
    [InlineData("_tidemark_x")]
    [InlineData("")]
    public async Task Reserved_table_is_refused(string table) =>
        (await Should.ThrowAsync<DestinationException>(() => OpenAsync(Target(table)))).Fault.ShouldBe(DestinationFault.Fatal);

    [SkippableFact]
    public async Task Too_many_columns_are_a_record_fault()
    {
        Db.NeedsSql();
        var record = "{\"id\":1," + string.Join(",", Enumerable.Range(0, 2500).Select(i => $"\"c{i}\":1")) + "}";
        (await RefusedAsync(Target(), record)).Fault.ShouldBe(DestinationFault.Record);
    }

    private static string Expected(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Canonical.OfRecord(document.RootElement)!;
    }

    public sealed class OnSqlite() : ColumnTests(new SqliteHarness());

    [Collection(MongoDbCollection.Name)]
    public sealed class OnMongoDb(MongoServer server) : ColumnTests(new MongoDbHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSql(PostgresServer server) : ColumnTests(new PostgreSqlHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSqlWithUnusualSettings(PostgresServer server) : ColumnTests(PostgreSqlHarness.WithUnusualSettings(server));

    [Collection(PgBouncerCollection.Name)]
    public sealed class ThroughPgBouncer(PgBouncer bouncer) : ColumnTests(new PostgreSqlHarness(bouncer.Server, bouncer.Url));
}
