using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.Tables.TableBench;

namespace Tidemark.PostgreSql.Tests.Tables;

[Collection(PostgreSqlCollection.Name)]
public sealed class TableConcurrencyTests(PostgresServer server)
{
    private static readonly TablePlan Keyed = new() { KeyFields = ["id"], Indexes = [new(["name"])] };
    private static readonly PgArrival[] Fields = [Of("id", ColumnType.Bigint), Of("name", ColumnType.Text)];

    [Fact]
    public async Task Streams_that_make_one_table_at_once_all_succeed()
    {
        await using var bench = await OpenAsync(server);
        var tables = new List<(PgTable Table, Session Session)>();
        for (var i = 0; i < 10; i++)
        {
            var session = await bench.ConnectAsync();
            tables.Add((await bench.TableAsync(Keyed, session: session), session));
        }
        await Task.WhenAll(tables.Select((t, i) => EnsureAsync(t.Table, t.Session, [.. Fields, Of($"own{i}", ColumnType.Bigint), Of("shared", ColumnType.Date)])));
        tables.Sum(t => t.Table.Changes.Count(c => c.Kind == SchemaChangeKind.TableCreated)).ShouldBe(1);
        tables.Sum(t => t.Table.Changes.Count(c => c.Kind == SchemaChangeKind.IndexCreated)).ShouldBe(1);
        (await bench.SqlAsync("SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0")).ShouldBe("13");
        (await bench.SqlAsync("SELECT count(DISTINCT column_name) FROM _tidemark_columns")).ShouldBe("13");
    }

    [Fact]
    public async Task Column_that_another_stream_adds_is_found()
    {
        await using var bench = await OpenAsync(server);
        var mine = await bench.TableAsync(Keyed);
        await bench.EnsureAsync(mine, Fields);
        var other = await bench.ConnectAsync();
        await EnsureAsync(await bench.TableAsync(Keyed, session: other), other, [.. Fields, Of("new", ColumnType.Date)]);
        await bench.EnsureAsync(mine, [.. Fields, Of("new", ColumnType.Date)]);
        (await bench.ColumnsAsync()).ShouldBe("id bigint*, name text, new date");
        mine.Changes.Count(c => c.Kind == SchemaChangeKind.ColumnAdded).ShouldBe(0);
    }

    [Theory]
    [InlineData("ALTER TABLE t ALTER amount TYPE numeric")]
    [InlineData("ALTER TABLE t ALTER amount SET NOT NULL")]
    [InlineData("ALTER TABLE t ALTER amount SET DEFAULT 7")]
    [InlineData("ALTER TABLE t DROP COLUMN name")]
    [InlineData("ALTER TABLE t RENAME name TO other")]
    [InlineData("ALTER TABLE t RENAME TO u; CREATE TABLE t (id bigint, amount numeric)")]
    public async Task Change_by_somebody_else_is_seen_before_the_next_write(string sql)
    {
        await using var bench = await OpenAsync(server);
        var arrivals = (PgArrival[])[Of("id", ColumnType.Bigint), Of("amount", ColumnType.Bigint), Of("name", ColumnType.Text)];
        var table = await bench.TableAsync();
        await bench.EnsureAsync(table, arrivals);
        var version = table.Version;
        await bench.EnsureAsync(table, arrivals[..2]);
        table.Version.ShouldBe(version);
        await bench.SqlAsync(sql);
        await bench.EnsureAsync(table, arrivals[..2]);
        table.Version.ShouldNotBe(version);
        var fresh = await bench.TableAsync();
        table.Columns.ShouldBe(fresh.Columns);
    }

    [Fact]
    public async Task Nobody_alters_the_table_between_the_look_and_the_write()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(Keyed);
        await bench.EnsureAsync(table, Fields);
        bench.Session.Begin();
        await table.EnsureAsync(Fields, default);
        await Should.ThrowAsync<InvalidOperationException>(() => bench.SqlAsync("SET lock_timeout = '1ms'; ALTER TABLE t ALTER id TYPE numeric"));
        await bench.Session.RollbackAsync();
    }

    [Fact]
    public async Task Dropped_table_is_tried_again_and_made_anew()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(Keyed);
        await bench.EnsureAsync(table, Fields);
        await bench.SqlAsync("DROP TABLE t");
        var e = await bench.FailAsync(table, Fields);
        e.Fault.ShouldBe(DestinationFault.Temporary);
        table.Touched.ShouldBeTrue();
        await table.LoadAsync(default);
        await bench.EnsureAsync(table, Fields);
        (await bench.ColumnsAsync()).ShouldBe("id bigint*, name text");
    }

    [Fact]
    public async Task Table_that_appears_without_our_lock_is_tried_again()
    {
        await using var bench = await OpenAsync(server);
        var other = await bench.ConnectAsync();
        other.Begin();
        await other.ExecuteAsync("CREATE TABLE t (id bigint)", default);
        var table = await bench.TableAsync(Keyed);
        var mine = bench.FailAsync(table, Fields);
        // At this point it waits for the other to commit.
        while (await bench.SqlAsync("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'CREATE TABLE%'") == "0")
        {
        }
        await other.CommitAsync(default);
        var e = await mine;
        e.Fault.ShouldBe(DestinationFault.Temporary);
        await table.LoadAsync(default);
        await bench.EnsureAsync(table, Fields);
        table.Fields["id"].Adopted.ShouldBeTrue();
    }

    [Fact]
    public async Task Streams_that_make_partitions_at_once_all_succeed()
    {
        await using var bench = await OpenAsync(server);
        var plan = new TablePlan { Partitioning = new TablePartitioning("name", PartitionKind.List) };
        await bench.EnsureAsync(await bench.TableAsync(plan), Fields);
        using var batch = new RecordBatch(new BatchSchema());
        for (var i = 0; i < 20; i++) batch.Add(System.Text.Encoding.UTF8.GetBytes($$"""{"name":"n{{i}}"}""")).ShouldBeNull();
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            var session = await bench.ConnectAsync();
            var table = await bench.TableAsync(plan, session: session);
            await CommitAsync(session, async () =>
            {
                await table.EnsureAsync(Fields, default);
                await table.EnsurePartitionsAsync(batch, 0, batch.Count, default);
            });
            return table.Changes.Count;
        }));
        made.Sum().ShouldBe(20);
        (await bench.SqlAsync("SELECT count(*) FROM pg_inherits WHERE inhparent = 't'::regclass")).ShouldBe("20");
    }
}
