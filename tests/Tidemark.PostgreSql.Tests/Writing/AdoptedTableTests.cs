using Tidemark.Destinations;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests.Writing;

/// <summary>Tables that somebody else made, with types that are not ours: few rows come as arrays, many through a stage, with the same result.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class AdoptedTableTests(PostgresServer server)
{
    private const int Many = 300;

    private const string Types =
        "CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE DOMAIN short AS varchar(3); CREATE DOMAIN shorter AS short CHECK (VALUE <> 'no'); CREATE DOMAIN flags AS bit(3); ";

    [Theory]
    [InlineData("smallint", "7", "8", "7|8")]
    [InlineData("integer", "7", "8", "7|8")]
    [InlineData("numeric(10,2)", "1.005", "1.5", "1.01|1.50")]
    [InlineData("real", "0.1", "2.5", "0.1|2.5")]
    [InlineData("varchar(3)", "'abc'", "'x'", "abc|x")]
    [InlineData("varchar", "'abc'", "5", "abc|5")]
    [InlineData("char(3)", "'ab'", "'x'", "ab |x  ")]
    [InlineData("bit(3)", "'101'", "'011'", "101|011")]
    [InlineData("varbit(4)", "'1011'", "''", "1011|")]
    [InlineData("short", "'abc'", "'x'", "abc|x")]
    [InlineData("shorter", "'abc'", "5", "abc|5")]
    [InlineData("flags", "'101'", "'011'", "101|011")]
    [InlineData("varchar(3)[]", "['abc','x']", "'{y}'", "{abc,x}|{y}")]
    [InlineData("char(3)[]", "['abc','x']", "[]", "{abc,\"x  \"}|{}")]
    [InlineData("uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12'", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12")]
    [InlineData("timestamp", "'2026-01-09T10:00:00+02:00'", "'2026-01-09T10:00:00'", "2026-01-09 08:00:00|2026-01-09 10:00:00")]
    [InlineData("timestamp(0) with time zone", "'2026-01-09T10:00:00.4+02:00'", "'2026-01-09T10:00:00'", "2026-01-09 08:00:00+00|2026-01-09 10:00:00+00")]
    [InlineData("timestamptz", "'2026-01-09T10:00:00'", "'2026-01-10'", "2026-01-09 10:00:00+00|2026-01-10 00:00:00+00")]
    [InlineData("timestamp", "'0001-01-01T00:00:00+01:00'", "'9999-12-31T23:59:59.5-01:00'", "0001-12-31 23:00:00 BC|10000-01-01 00:59:59.5")]
    [InlineData("timestamptz", "'0001-01-01T00:00:00+01:00'", "'9999-12-31T23:59:59.5-01:00'", "0001-12-31 23:00:00+00 BC|10000-01-01 00:59:59.5+00")]
    [InlineData("timestamp(3)", "'0044-03-15 12:00:00 BC'", "'infinity'", "0044-03-15 12:00:00 BC|infinity")]
    [InlineData("date", "'0001-01-01T01:00:00+01:00'", "'9999-12-31T23:00:00-01:00'", "0001-01-01|10000-01-01")]
    [InlineData("date", "'2026-01-09'", "'2026-01-10T00:00:00Z'", "2026-01-09|2026-01-10")]
    [InlineData("time", "'10:00'", "'10:00:01'", "10:00:00|10:00:01")]
    [InlineData("json", "{'a':[1, 2]}", "[true]", "{\"a\":[1, 2]}|[true]")]
    [InlineData("jsonb", "'x'", "1.50", "\"x\"|1.5")]
    [InlineData("text[]", "['a','b c']", "[]", "{a,\"b c\"}|{}")]
    [InlineData("integer[]", "[1,2]", "'{3}'", "{1,2}|{3}")]
    [InlineData("mood", "'glad'", "'sad'", "glad|sad")]
    [InlineData("bytea", "'AQI='", "''", "\\x0102|\\x")]
    [InlineData("boolean", "true", "0", "t|f")]
    [InlineData("bigint", "1.0", "'2'", "1|2")]
    [InlineData("real", "'NaN'", "'Infinity'", "NaN|Infinity")]
    [InlineData("numeric(10,2)", "'NaN'", "1", "NaN|1.00")]
    [InlineData("double precision", "1", "'2.5'", "1|2.5")]
    [InlineData("numeric", "'1.50'", "12345678901234567890.5", "1.50|12345678901234567890.5")]
    [InlineData("inet", "'10.0.0.1'", "'::1'", "10.0.0.1|::1")]
    [InlineData("interval", "'1 day'", "'36:00'", "1 day|36:00:00")]
    [InlineData("text", "true", "1.5", "true|1.5")]
    public async Task Values_take_the_type_of_their_column(string type, string first, string second, string expected)
    {
        await using var bench = await RowsBench.OpenAsync(server, sql: $"{Types}CREATE TABLE t (id integer PRIMARY KEY, v {type})");
        foreach (var count in new[] { 2, Many })
        {
            string Record(int i) => $$"""{'id':{{i}},'v':{{(i % 2 == 0 ? first : second)}}}""";
            await bench.SqlAsync("TRUNCATE t");
            (await bench.WriteAsync([.. Enumerable.Range(0, count).Select(Record)])).ShouldBe(new WriteCounts(count, 0, 0));
            (await bench.SqlAsync("SELECT v FROM t WHERE id < 2 ORDER BY id")).ShouldBe(expected.Replace('|', '\n'));
            (await bench.WriteAsync([.. Enumerable.Range(0, count).Select(Record)])).ShouldBe(new WriteCounts(0, 0, count));
            (await bench.WriteAsync([.. Enumerable.Range(1, count).Select(i => Record(i).Replace($"'id':{i},", $"'id':{i - 1},", StringComparison.Ordinal))])).ShouldBe(new WriteCounts(0, count, 0));
            (await bench.SqlAsync("SELECT v FROM t WHERE id < 2 ORDER BY id DESC")).ShouldBe(expected.Replace('|', '\n'));
        }
    }

    [Theory]
    [InlineData("smallint", "70000", "smallint")]
    [InlineData("varchar(3)", "'abcd'", "character varying(3)")]
    [InlineData("char(3)", "'abcd'", "character(3)")]
    [InlineData("bit(3)", "'1010'", "bit string length 4 does not match type bit(3)")]
    [InlineData("bit(3)", "'10'", "bit string length 2 does not match type bit(3)")]
    [InlineData("varbit(3)", "'1010'", "bit string too long for type bit varying(3)")]
    [InlineData("short", "'abcd'", "character varying(3)")]
    [InlineData("shorter", "'abcd'", "character varying(3)")]
    [InlineData("shorter", "'no'", "shorter_check")]
    [InlineData("flags", "'1010'", "bit string length 4 does not match type bit(3)")]
    [InlineData("varchar(3)[]", "['abcd']", "character varying(3)")]
    [InlineData("char(3)[]", "['abcd']", "character(3)")]
    [InlineData("numeric(4,2)", "100", "numeric field overflow")]
    [InlineData("uuid", "'x'", "uuid")]
    [InlineData("date", "'2026-01-10T10:00:00Z'", "expected a day")]
    [InlineData("timestamptz", "'0044-03-15 12:00:00 BC'", "expected a point in time")]
    [InlineData("timestamptz", "'soon'", "expected a point in time")]
    [InlineData("timestamp", "'soonish'", "timestamp")]
    [InlineData("bigint", "1.5", "expected a whole number of 64 bits")]
    [InlineData("bigint", "12345678901234567890", "expected a whole number of 64 bits")]
    [InlineData("boolean", "2", "expected true or false")]
    [InlineData("bytea", "'%'", "expected base64")]
    [InlineData("numeric", "'x'", "expected a number")]
    [InlineData("numeric", "1e-16384", "16383 after it")]
    [InlineData("numeric", "1e-99999999999", "")]
    [InlineData("numeric", "'NaN'", "expected a number")]
    [InlineData("double precision", "'NaN'", "expected a floating-point number")]
    [InlineData("double precision", "'-Infinity'", "expected a floating-point number")]
    [InlineData("timestamptz", "'infinity'", "expected a point in time")]
    [InlineData("date", "'infinity'", "expected a day")]
    [InlineData("date", "'0044-03-15 BC'", "expected a day")]
    [InlineData("jsonb", "'a\\u0000'", "NUL (U+0000) in text: found in 'v'")]
    [InlineData("jsonb", "['\\u0000']", "NUL (U+0000) in text: found in 'v'")]
    [InlineData("text", "'a\\u0000'", "NUL (U+0000) in text: found in 'v'")]
    [InlineData("varchar", "'a\\u0000'", "NUL (U+0000) in text: found in 'v'")]
    [InlineData("int NOT NULL", "null", "\"v\"")]
    public async Task Values_that_a_column_can_not_hold_are_faults_of_the_record(string type, string value, string message)
    {
        await using var bench = await RowsBench.OpenAsync(server, sql: $"{Types}CREATE TABLE t (id integer PRIMARY KEY, v {type})");
        // A value that would be equal if it were cut or rounded must not make the record look unchanged.
        var equalIfCut = type switch
        {
            "varchar(3)" or "char(3)" or "short" or "shorter" => "'abc'",
            "varchar(3)[]" or "char(3)[]" => "['abc']",
            "bit(3)" or "varbit(3)" or "flags" => "'101'",
            _ => null,
        };
        if (equalIfCut is not null) await bench.WriteAsync($$"""{'id':0,'v':{{equalIfCut}}}""");
        foreach (var count in new[] { 1, Many })
        {
            var error = await Should.ThrowAsync<DestinationException>(() => bench.WriteAsync([.. Enumerable.Range(0, count).Select(i => $$"""{'id':{{i}},'v':{{value}}}""")]));
            error.Fault.ShouldBe(DestinationFault.Record);
            error.Message.ShouldContain(message);
        }
    }

    [Theory]
    [InlineData("numeric(10,2)", "1.001", "1.002")]
    [InlineData("uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'")]
    [InlineData("char(3)", "'a'", "'a '")]
    [InlineData("integer", "7", "'7'")]
    [InlineData("bit(3)", "'101'", "'101'")]
    [InlineData("short", "'abc'", "'abc'")]
    [InlineData("timestamp", "'2026-01-09T10:00:00Z'", "'2026-01-09T11:00:00+01:00'")]
    public async Task Keys_that_only_the_database_sees_as_equal_make_one_row_of_which_the_last_wins(string type, string first, string second)
    {
        await using var bench = await RowsBench.OpenAsync(server, sql: $"{Types}CREATE TABLE t (id {type} PRIMARY KEY, v text)");
        (await bench.WriteAsync($$"""{'id':{{first}},'v':'a'}""", $$"""{'id':{{second}},'v':'b'}""")).Inserted.ShouldBe(1);
        (await bench.SqlAsync("SELECT v FROM t")).ShouldBe("b");
        await bench.WriteAsync($$"""{'id':{{second}},'v':'c'}""", $$"""{'id':{{first}},'v':'d'}""");
        (await bench.SqlAsync("SELECT v FROM t")).ShouldBe("d");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(Many)]
    public async Task Columns_that_a_new_record_lacks_get_their_defaults(int count)
    {
        await using var bench = await RowsBench.OpenAsync(server, sql: "CREATE TABLE t (id bigint PRIMARY KEY, a text NOT NULL DEFAULT 'none', b integer DEFAULT 5)");
        await bench.WriteAsync("{'id':-1,'b':7}");
        await bench.WriteAsync([.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? $$"""{'id':{{i}},'a':'x'}""" : $$"""{'id':{{i}},'b':null}""")]);
        (await bench.SqlAsync("SELECT * FROM t WHERE id < 2 ORDER BY id")).ShouldBe("-1|none|7\n0|x|5\n1|none|NULL");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Many)]
    public async Task Columns_that_must_not_be_null_may_be_lacking_in_an_update_only(int count)
    {
        await using var bench = await RowsBench.OpenAsync(server, sql: "CREATE TABLE t (id bigint PRIMARY KEY, a text NOT NULL, b bigint)");
        await bench.WriteAsync([.. Enumerable.Range(0, count).Select(i => $$"""{'id':{{i}},'a':'x'}""")]);
        (await bench.WriteAsync([.. Enumerable.Range(0, count).Select(i => $$"""{'id':{{i}},'b':1}""")])).ShouldBe(new WriteCounts(0, count, 0));
        var error = await Should.ThrowAsync<DestinationException>(() => bench.WriteAsync([.. Enumerable.Range(0, count + 1).Select(i => $$"""{'id':{{i}},'b':2}""")]));
        error.Fault.ShouldBe(DestinationFault.Record);
        error.Message.ShouldContain("\"a\"");
    }

    [Fact]
    public async Task Other_unique_columns_are_not_passed_over_in_silence()
    {
        await using var bench = await RowsBench.OpenAsync(server, sql: "CREATE TABLE t (id bigint PRIMARY KEY, a text UNIQUE)");
        await bench.WriteAsync("{'id':1,'a':'x'}");
        var error = await Should.ThrowAsync<DestinationException>(() => bench.WriteAsync("{'id':2,'a':'x'}"));
        error.Fault.ShouldBe(DestinationFault.Record);
        error.Message.ShouldContain("t_a_key");
    }

    [Fact]
    public async Task Triggers_that_keep_rows_as_they_are_end_in_unchanged_rows()
    {
        await using var bench = await RowsBench.OpenAsync(server, sql: """
            CREATE TABLE t (id bigint PRIMARY KEY, a text);
            INSERT INTO t VALUES (1, 'x');
            CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
            CREATE TRIGGER keep BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION keep();
            """);
        (await bench.WriteAsync("{'id':1,'a':'y'}", "{'id':2,'a':'y'}")).ShouldBe(new WriteCounts(0, 0, 2));
        (await bench.SqlAsync("SELECT * FROM t")).ShouldBe("1|x");
    }
}
