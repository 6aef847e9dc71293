using System.Text;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.Tables.TableBench;

namespace Tidemark.PostgreSql.Tests.Tables;

[Collection(PostgreSqlCollection.Name)]
public sealed class TablePartitionTests(PostgresServer server)
{
    private static readonly TablePlan ByCountry = new() { KeyFields = ["id", "country"], Partitioning = new TablePartitioning("country", PartitionKind.List) };
    private static readonly PgArrival[] Countries = [Of("id", ColumnType.Bigint), Of("country", ColumnType.Text)];

    [Fact]
    public async Task Each_value_gets_a_partition_when_it_first_arrives()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(ByCountry);
        await bench.EnsureAsync(table, Countries);
        await PartitionsAsync(bench, table, """{"country":"at"}""", """{"country":"de"}""", """{"country":"at"}""");
        await PartitionsAsync(bench, table, """{"country":"de"}""", """{"country":"it's a \\ \"long\" näme"}""", """{"country":""}""");
        (await PartitionsOfAsync(bench)).ShouldBe("t_at|FOR VALUES IN ('at')\nt_de|FOR VALUES IN ('de')\nt_empty|FOR VALUES IN ('')\nt_it_s_a____long__näme|FOR VALUES IN ('it''s a \\ \"long\" näme')");
        table.Changes.Where(c => c.Kind == SchemaChangeKind.PartitionCreated).Select(c => c.To).ShouldBe(["t_at", "t_de", "t_empty", "t_it_s_a____long__näme"]);
        // Known ones cost no question, and the primary key is there in each.
        await bench.SqlAsync("INSERT INTO t VALUES (1, 'at')");
        await Should.ThrowAsync<InvalidOperationException>(() => bench.SqlAsync("INSERT INTO t VALUES (1, 'at')"));
        await bench.EnsureAsync(table, [.. Countries, Of("more", ColumnType.Text)]);
        await PartitionsAsync(bench, table, """{"country":"fr"}""");
        (await bench.ColumnsAsync("t_fr")).ShouldBe("id bigint*, country text*, more text");
    }

    [Theory]
    [InlineData(PartitionInterval.Day, ColumnType.Timestamp, "t_2025_12_31|FOR VALUES FROM ('2025-12-31 00:00:00+00') TO ('2026-01-01 00:00:00+00')\nt_2026_01_31|FOR VALUES FROM ('2026-01-31 00:00:00+00') TO ('2026-02-01 00:00:00+00')")]
    [InlineData(PartitionInterval.Month, ColumnType.Timestamp, "t_2025_12|FOR VALUES FROM ('2025-12-01 00:00:00+00') TO ('2026-01-01 00:00:00+00')\nt_2026_01|FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00')")]
    [InlineData(PartitionInterval.Year, ColumnType.Timestamp, "t_2025|FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2026-01-01 00:00:00+00')\nt_2026|FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00')")]
    [InlineData(PartitionInterval.Month, ColumnType.Date, "t_2025_12|FOR VALUES FROM ('2025-12-01') TO ('2026-01-01')\nt_2026_01|FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')")]
    public async Task Each_interval_gets_a_partition_by_utc(PartitionInterval interval, ColumnType type, string expected)
    {
        await using var bench = await OpenAsync(server);
        await bench.SqlAsync($"ALTER DATABASE {bench.Database} SET timezone = 'Asia/Tokyo'");
        var session = await bench.ConnectAsync();
        var table = await bench.TableAsync(new TablePlan { Partitioning = new TablePartitioning("at", PartitionKind.Range, interval) }, session: session);
        await EnsureAsync(table, session, Of("at", type));
        string[] values = type == ColumnType.Date ? ["2026-01-31", "2025-12-31", "2026-01-31"] : ["2026-01-31T23:59:59.999999Z", "2026-01-01T00:30:00+01:00", "2026-01-31T12:00:00Z"];
        using var batch = BatchOf(values.Select(v => $$"""{"at":"{{v}}"}"""), new DeclaredColumn("at", null, type));
        await CommitAsync(session, () => table.EnsurePartitionsAsync(batch, 0, batch.Count, default));
        (await bench.SqlAsync($"SET timezone = 'UTC'; {PartitionsSql}")).ShouldBe(expected);
        foreach (var value in values) await bench.SqlAsync($"INSERT INTO t VALUES ('{value}')");
    }

    [Fact]
    public async Task Last_interval_of_the_calendar_has_no_end()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(new TablePlan { Partitioning = new TablePartitioning("at", PartitionKind.Range) });
        await bench.EnsureAsync(table, Of("at", ColumnType.Date));
        await PartitionsAsync(bench, table, """{"at":"9999-12-31"}""", """{"at":"0001-01-01"}""");
        (await PartitionsOfAsync(bench)).ShouldBe("t_0001_01|FOR VALUES FROM ('0001-01-01') TO ('0001-02-01')\nt_9999_12|FOR VALUES FROM ('9999-12-01') TO (MAXVALUE)");
    }

    [Fact]
    public async Task Values_that_are_the_same_in_the_column_share_a_partition()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(new TablePlan { Partitioning = new TablePartitioning("v", PartitionKind.List) });
        await bench.EnsureAsync(table, Of("v", ColumnType.Decimal));
        await PartitionsAsync(bench, table, """{"v":1}""", """{"v":1.0}""", """{"v":2}""", """{"v":3.5}""", """{"v":1e0}""");
        await PartitionsAsync(bench, table, """{"v":2.00}""");
        (await bench.SqlAsync("SELECT count(*) FROM pg_inherits")).ShouldBe("3");
        await bench.SqlAsync("INSERT INTO t VALUES (1), (2.0), (3.50)");
    }

    [Fact]
    public async Task Partitions_of_somebody_else_are_used()
    {
        await using var bench = await OpenAsync(server);
        await bench.SqlAsync("CREATE TABLE t (id bigint, country varchar(2), PRIMARY KEY (id, country)) PARTITION BY LIST (country); CREATE TABLE dach PARTITION OF t FOR VALUES IN ('de', 'at', 'ch')");
        var table = await bench.TableAsync(ByCountry);
        await bench.EnsureAsync(table, Countries);
        await PartitionsAsync(bench, table, """{"country":"at"}""", """{"country":"fr"}""");
        (await PartitionsOfAsync(bench)).ShouldBe("dach|FOR VALUES IN ('de', 'at', 'ch')\nt_fr|FOR VALUES IN ('fr')");
        // One that is taken away comes again when a record needs it.
        await bench.SqlAsync("DROP TABLE t_fr");
        await bench.EnsureAsync(table, Countries);
        await PartitionsAsync(bench, table, """{"country":"fr"}""");
        (await bench.SqlAsync("SELECT count(*) FROM pg_inherits WHERE inhparent = 't'::regclass")).ShouldBe("2");
    }

    [Fact]
    public async Task Default_partition_takes_all_that_has_none()
    {
        await using var bench = await OpenAsync(server);
        await bench.SqlAsync("CREATE TABLE t (id bigint, country text) PARTITION BY LIST (country); CREATE TABLE rest PARTITION OF t DEFAULT");
        var table = await bench.TableAsync(ByCountry with { KeyFields = [] });
        await bench.EnsureAsync(table, Countries);
        await PartitionsAsync(bench, table, """{"country":"at"}""", """{"country":null}""", "{}");
        (await PartitionsOfAsync(bench)).ShouldBe("rest|DEFAULT");
    }

    [Fact]
    public async Task Record_without_a_value_is_refused_where_nothing_takes_it()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(ByCountry with { KeyFields = [] });
        await bench.EnsureAsync(table, Countries);
        var e = await Should.ThrowAsync<DestinationException>(() => PartitionsAsync(bench, table, """{"country":"at"}""", "{}"));
        e.Fault.ShouldBe(DestinationFault.Record);
        e.Message.ShouldBe("the record has no value in 'country', by which the table 'public.t' is partitioned, and the table has no default partition");
        await bench.SqlAsync("CREATE TABLE none PARTITION OF t FOR VALUES IN (NULL)");
        await PartitionsAsync(bench, table, """{"country":null}""", """{"country":"at"}""");
        (await PartitionsOfAsync(bench)).ShouldBe("none|FOR VALUES IN (NULL)\nt_at|FOR VALUES IN ('at')");
    }

    [Fact]
    public async Task Too_many_new_partitions_at_once_are_refused()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(ByCountry);
        await bench.EnsureAsync(table, Countries);
        var e = await Should.ThrowAsync<DestinationException>(() => PartitionsAsync(bench, table, [.. Enumerable.Range(0, 1001).Select(i => $$"""{"country":"c{{i}}"}""")]));
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldBe("the table 'public.t' would get 1001 new partitions at once, more than 1000: 'country' has too many values to partition by");
    }

    [Theory]
    [InlineData("CREATE TABLE t (id bigint, country text)", "is not partitioned, expected PARTITION BY LIST (\"country\")")]
    [InlineData("CREATE TABLE t (id bigint, country text) PARTITION BY RANGE (country)", "is partitioned in another way, by country")]
    [InlineData("CREATE TABLE t (id bigint, country text) PARTITION BY LIST (id)", "is partitioned in another way, by id")]
    public async Task Table_that_is_not_partitioned_as_declared_is_refused(string sql, string expected)
    {
        await using var bench = await OpenAsync(server);
        await bench.SqlAsync(sql);
        var e = await Should.ThrowAsync<DestinationException>(() => bench.TableAsync(ByCountry));
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldContain(expected);
    }

    [Fact]
    public async Task Column_that_can_not_partition_is_refused()
    {
        await using var bench = await OpenAsync(server);
        (await bench.FailAsync(await bench.TableAsync(ByCountry with { KeyFields = ["id"] }), Countries)).Message.ShouldContain("can't be partitioned by 'country', which is not part of its primary key (id)");
        var range = new TablePlan { Partitioning = new TablePartitioning("country", PartitionKind.Range) };
        (await bench.FailAsync(await bench.TableAsync(range), Countries)).Message.ShouldContain("can't be partitioned by ranges of 'country', which is text");
        (await bench.FailAsync(await bench.TableAsync(range), Of("id", ColumnType.Bigint))).Fault.ShouldBe(DestinationFault.Record);
    }

    [Fact]
    public async Task Column_that_partitions_can_not_be_widened()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(new TablePlan { Partitioning = new TablePartitioning("v", PartitionKind.List) });
        await bench.EnsureAsync(table, Of("v", ColumnType.Bigint), Of("w", ColumnType.Bigint));
        await PartitionsAsync(bench, table, """{"v":1}""");
        await bench.EnsureAsync(table, Of("v", ColumnType.Bigint), Of("w", ColumnType.Text));
        (await bench.ColumnsAsync("t_1")).ShouldBe("v bigint, w text");
        var e = await bench.FailAsync(table, Of("v", ColumnType.Text));
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldContain("the column 'v' of the table 'public.t' is bigint and has to become text for what arrives, but this does not work");
        e.Message.ShouldContain("partition key");
    }

    [Fact]
    public async Task Rollback_forgets_partitions()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(ByCountry);
        await bench.EnsureAsync(table, Countries);
        using var batch = BatchOf(["""{"country":"at"}"""]);
        bench.Session.Begin();
        await table.EnsurePartitionsAsync(batch, 0, 1, default);
        await bench.Session.RollbackAsync();
        table.Touched.ShouldBeTrue();
        await table.LoadAsync(default);
        await PartitionsAsync(bench, table, """{"country":"at"}""");
        (await PartitionsOfAsync(bench)).ShouldBe("t_at|FOR VALUES IN ('at')");
    }

    [Fact]
    public async Task Names_that_are_taken_or_long_get_another_end()
    {
        await using var bench = await OpenAsync(server);
        await bench.SqlAsync("CREATE TABLE t_at (a int)");
        var table = await bench.TableAsync(ByCountry);
        await bench.EnsureAsync(table, Countries);
        await PartitionsAsync(bench, table, """{"country":"at"}""", """{"country":"a-b"}""", """{"country":"a b"}""", $$"""{"country":"{{new string('é', 200)}}"}""");
        (await bench.SqlAsync("SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 't'::regclass ORDER BY 1")).Split("\n").Order(StringComparer.Ordinal).ShouldBe(["\"t_" + new string('é', 30) + "\"", "t_a_b", "t_a_b_2", "t_at_2"]);
    }

    [Fact]
    public async Task Readers_are_not_locked_out_by_a_new_partition()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(ByCountry);
        await bench.EnsureAsync(table, Countries);
        var reader = await bench.ConnectAsync();
        reader.Begin();
        await reader.RowsAsync("SELECT * FROM t", default);
        await PartitionsAsync(bench, table, """{"country":"at"}""");
        (await reader.ScalarAsync("SELECT count(*) FROM t", default)).ShouldBe(0L);
        await reader.RollbackAsync();
    }

    private const string PartitionsSql = "SELECT relname, pg_get_expr(relpartbound, oid) FROM pg_class WHERE relispartition AND relkind = 'r' ORDER BY relname";

    private static Task<string> PartitionsOfAsync(TableBench bench) => bench.SqlAsync(PartitionsSql);

    private static async Task PartitionsAsync(TableBench bench, PgTable table, params IReadOnlyList<string> records)
    {
        using var batch = BatchOf(records);
        await CommitAsync(bench.Session, () => table.EnsurePartitionsAsync(batch, 0, batch.Count, default));
    }

    private static RecordBatch BatchOf(IEnumerable<string> records, params IReadOnlyList<DeclaredColumn> columns)
    {
        var batch = new RecordBatch(new BatchSchema { Columns = columns });
        foreach (var record in records) batch.Add(Encoding.UTF8.GetBytes(record)).ShouldBeNull();
        return batch;
    }
}
