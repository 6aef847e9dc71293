using Tidemark.Destinations;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.Tables.TableBench;

namespace Tidemark.PostgreSql.Tests.Tables;

[Collection(PostgreSqlCollection.Name)]
public sealed class WideningTests(PostgresServer server)
{
    [Theory]
    [InlineData(ColumnType.Bigint, ColumnType.Decimal, "9007199254740993", "9007199254740993")]
    [InlineData(ColumnType.Bigint, ColumnType.Text, "-7", "-7")]
    [InlineData(ColumnType.Double, ColumnType.Decimal, "0.1", "0.1")]
    [InlineData(ColumnType.Double, ColumnType.Decimal, "1.7976931348623157e308", "179769313486231570000")]
    [InlineData(ColumnType.Double, ColumnType.Decimal, "0.30000000000000004", "0.30000000000000004")]
    [InlineData(ColumnType.Double, ColumnType.Text, "1e-7", "1E-07")]
    [InlineData(ColumnType.Decimal, ColumnType.Text, "12345678901234567890.10", "12345678901234567890.10")]
    [InlineData(ColumnType.Boolean, ColumnType.Text, "true", "true")]
    [InlineData(ColumnType.Boolean, ColumnType.Bigint, "false", "false")]
    [InlineData(ColumnType.Timestamp, ColumnType.Text, "2026-01-09 12:00:00.120+02", "2026-01-09T10:00:00.12Z")]
    [InlineData(ColumnType.Timestamp, ColumnType.Text, "2026-01-09 10:00:00Z", "2026-01-09T10:00:00Z")]
    [InlineData(ColumnType.Timestamp, ColumnType.Date, "2026-01-10 10:10:10.000001Z", "2026-01-10T10:10:10.000001Z")]
    [InlineData(ColumnType.Timestamp, ColumnType.Text, "infinity", "infinity")]
    [InlineData(ColumnType.Timestamp, ColumnType.Text, "0001-12-31 23:00:00.5+00 BC", "0001-12-31T23:00:00.5Z BC")]
    [InlineData(ColumnType.Timestamp, ColumnType.Text, "10000-01-01 00:00:00+00", "10000-01-01T00:00:00Z")]
    [InlineData(ColumnType.Date, ColumnType.Text, "2026-01-09", "2026-01-09")]
    [InlineData(ColumnType.Date, ColumnType.Text, "-infinity", "-infinity")]
    [InlineData(ColumnType.Date, ColumnType.Text, "4713-01-01 BC", "4713-01-01 BC")]
    [InlineData(ColumnType.Date, ColumnType.Text, "10000-01-01", "10000-01-01")]
    [InlineData(ColumnType.Date, ColumnType.Text, "5874897-12-31", "31/12/5874897")]
    [InlineData(ColumnType.Json, ColumnType.Text, "{\"a\": [1, 2]}", "{\"a\": [1, 2]}")]
    [InlineData(ColumnType.Bytes, ColumnType.Text, "\\x00ff10", "AP8Q")]
    public async Task Column_of_ours_is_widened_and_loses_nothing(ColumnType from, ColumnType arriving, string stored, string expected)
    {
        await using var bench = await OpenAsync(server);
        await bench.SqlAsync($"ALTER DATABASE {bench.Database} SET extra_float_digits = -5; ALTER DATABASE {bench.Database} SET timezone = 'Asia/Tokyo'; ALTER DATABASE {bench.Database} SET datestyle = 'SQL, DMY'");
        var session = await bench.ConnectAsync();
        var table = await bench.TableAsync(session: session);
        await EnsureAsync(table, session, Of("v", from));
        await bench.SqlAsync($"INSERT INTO t VALUES ('{stored}'), (NULL)");
        await EnsureAsync(table, session, Of("v", arriving));
        var to = SqlTypes.NameOf(ColumnTypes.Widen(from, arriving));
        (await bench.ColumnsAsync()).ShouldBe($"v {to}");
        (await bench.SqlAsync("SELECT v FROM t ORDER BY v NULLS LAST")).ShouldStartWith(expected);
        (await bench.SqlAsync("SELECT count(*) FROM t WHERE v IS NULL")).ShouldBe("1");
        table.Changes.ShouldContain(new SchemaChange(SchemaChangeKind.ColumnWidened, "public.t", "v", SqlTypes.NameOf(from), to));
        (await bench.TableAsync()).Columns.ShouldHaveSingleItem().ShouldBe(new PgColumn(0, "v", to, ColumnTypes.Widen(from, arriving), Adopted: false, NotNull: false, DefaultSql: null));
    }

    [Fact]
    public async Task Bytes_longer_than_a_line_become_base64_without_breaks()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync();
        await bench.EnsureAsync(table, Of("v", ColumnType.Bytes));
        await bench.SqlAsync("INSERT INTO t VALUES (decode(repeat('ab', 300), 'hex'))");
        await bench.EnsureAsync(table, Of("v", ColumnType.Text));
        (await bench.SqlAsync("SELECT v FROM t")).ShouldBe(Convert.ToBase64String(Enumerable.Repeat((byte)0xab, 300).ToArray()));
    }

    [Theory]
    [InlineData("9007199254740992", CellKinds.Double, "double precision")]
    [InlineData("-9007199254740993", CellKinds.Double, "numeric")]
    [InlineData("1", CellKinds.Double | CellKinds.LargeInteger, "numeric")]
    public async Task Whole_numbers_become_doubles_only_where_all_stay_what_they_are(string stored, CellKinds seen, string expected)
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync();
        await bench.EnsureAsync(table, Of("v", ColumnType.Bigint));
        await bench.SqlAsync($"INSERT INTO t VALUES ({stored})");
        await bench.EnsureAsync(table, new PgArrival("v", ColumnType.Double, seen));
        (await bench.ColumnsAsync()).ShouldBe($"v {expected}");
    }

    [Fact]
    public async Task Doubles_take_whole_numbers_that_a_double_holds()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync();
        await bench.EnsureAsync(table, Of("v", ColumnType.Double));
        await bench.EnsureAsync(table, new PgArrival("v", ColumnType.Bigint, CellKinds.Integer));
        (await bench.ColumnsAsync()).ShouldBe("v double precision");
        await bench.EnsureAsync(table, new PgArrival("v", ColumnType.Bigint, CellKinds.LargeInteger));
        (await bench.ColumnsAsync()).ShouldBe("v numeric");
    }

    [Fact]
    public async Task Several_columns_are_widened_at_once_with_key_and_indexes_kept()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(new TablePlan { KeyFields = ["id"], Indexes = [new(["n"])] });
        await bench.EnsureAsync(table, Of("id", ColumnType.Bigint), Of("n", ColumnType.Bigint));
        await bench.SqlAsync("INSERT INTO t VALUES (1, 2)");
        await bench.EnsureAsync(table, Of("id", ColumnType.Text), Of("n", ColumnType.Decimal), Of("new", ColumnType.Bigint));
        (await bench.ColumnsAsync()).ShouldBe("id text*, n numeric, new bigint");
        (await bench.SqlAsync("SELECT indexdef FROM pg_indexes WHERE tablename = 't' ORDER BY 1"))
            .ShouldBe("CREATE INDEX t_n_idx ON public.t USING btree (n)\nCREATE UNIQUE INDEX t_pkey ON public.t USING btree (id)");
    }

    [Theory]
    [InlineData("CREATE VIEW \"my view\" AS SELECT v + 1 AS w FROM t", "the view public.\"my view\" uses this one: drop the view")]
    [InlineData("CREATE MATERIALIZED VIEW m AS SELECT v FROM t", "the materialized view public.m uses this one")]
    [InlineData("ALTER TABLE t ADD COLUMN w bigint GENERATED ALWAYS AS (v + 1) STORED", "generated column")]
    [InlineData("ALTER TABLE t ADD CHECK (v::text <> 'x' AND v > 0)", "operator does not exist: text > integer")]
    [InlineData("CREATE TABLE u (v bigint PRIMARY KEY); ALTER TABLE t ADD FOREIGN KEY (v) REFERENCES u", "foreign key constraint")]
    public async Task Whatever_is_in_the_way_of_a_wider_column_is_named(string sql, string expected)
    {
        await using var bench = await OpenAsync(server);
        await bench.EnsureAsync(await bench.TableAsync(), Of("v", ColumnType.Bigint));
        await bench.SqlAsync(sql);
        var e = await bench.FailAsync(await bench.TableAsync(), Of("v", ColumnType.Text));
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldContain("the column 'v' of the table 'public.t' is bigint and has to become text");
        e.Message.ShouldContain(expected);
        e.Message.ShouldContain("declare 'v' as bigint");
    }

    [Fact]
    public async Task Column_of_ours_that_somebody_else_has_altered_is_theirs()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync();
        await bench.EnsureAsync(table, Of("v", ColumnType.Bigint), Of("w", ColumnType.Bigint));
        await bench.SqlAsync("ALTER TABLE t ALTER v TYPE integer, ALTER w TYPE numeric");
        await bench.EnsureAsync(table, Of("v", ColumnType.Text), Of("w", ColumnType.Text));
        table.Columns.Select(c => (c.SqlType, c.Type, c.Adopted)).ShouldBe([("integer", null, true), ("numeric", ColumnType.Decimal, true)]);
    }

    [Fact]
    public async Task Declared_type_that_can_not_be_had_without_loss_is_refused()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync();
        await bench.EnsureAsync(table, Of("v", ColumnType.Bigint), Of("w", ColumnType.Bigint));
        await bench.EnsureAsync(table, new PgArrival("w", ColumnType.Decimal, CellKinds.None, IsDeclared: true));
        (await bench.ColumnsAsync()).ShouldBe("v bigint, w numeric");
        var e = await bench.FailAsync(table, new PgArrival("v", ColumnType.Boolean, CellKinds.Boolean, IsDeclared: true));
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldBe("the column 'v' of the table 'public.t' is bigint, but 'v' is declared as boolean: alter the column, or declare bigint");
    }
}
