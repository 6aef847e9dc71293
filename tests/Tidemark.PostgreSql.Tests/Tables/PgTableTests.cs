using Tidemark.Destinations;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.Tables.TableBench;

namespace Tidemark.PostgreSql.Tests.Tables;

[Collection(PostgreSqlCollection.Name)]
public sealed class PgTableTests(PostgresServer server)
{
    private static readonly TablePlan Keyed = new() { KeyFields = ["id"] };

    [Fact]
    public async Task Table_is_created_with_a_column_for_each_type_and_a_primary_key()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(Keyed with { OwnColumns = [("_tidemark_deleted_at", ColumnType.Timestamp)] });
        table.Exists.ShouldBeFalse();
        await bench.EnsureAsync(table, [.. Enum.GetValues<ColumnType>().Select(t => Of(t.ToString(), t)), Of("id", ColumnType.Bigint)]);
        (await bench.ColumnsAsync()).ShouldBe(
            "Boolean boolean, Bigint bigint, Decimal numeric, Double double precision, Text text, Timestamp timestamp with time zone, Date date, Json jsonb, Bytes bytea, id bigint*, "
            + "_tidemark_deleted_at timestamp with time zone");
        (await bench.SqlAsync("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 't'::regclass")).ShouldBe("PRIMARY KEY (id)");
        table.Has("_tidemark_deleted_at").ShouldBeTrue();
        table.Columns.Select(c => (c.Ordinal, c.Type)).ShouldBe([.. Enum.GetValues<ColumnType>().Append(ColumnType.Bigint).Select((t, i) => (i, (ColumnType?)t))]);
        table.Columns.ShouldAllBe(c => !c.Adopted);
        table.Key.Select(k => k.Name).ShouldBe(["id"]);
        table.Changes.ShouldBe([new SchemaChange(SchemaChangeKind.TableCreated, "public.t", Count: 11)]);
        table.Touched.ShouldBeTrue();
    }

    [Fact]
    public async Task Unknown_fields_get_new_columns()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(Keyed);
        await bench.EnsureAsync(table, Of("id", ColumnType.Bigint));
        var version = table.Version;
        await bench.EnsureAsync(table, Of("id", ColumnType.Bigint), Of("name", ColumnType.Text), Of("since", ColumnType.Date));
        (await bench.ColumnsAsync()).ShouldBe("id bigint*, name text, since date");
        table.Version.ShouldBeGreaterThan(version);
        table.Changes.Skip(1).ShouldBe([
            new SchemaChange(SchemaChangeKind.ColumnAdded, "public.t", "name", To: "text"), new SchemaChange(SchemaChangeKind.ColumnAdded, "public.t", "since", To: "date")]);
        (await bench.TableAsync(Keyed)).Fields.Keys.ShouldBe(["id", "name", "since"]);
    }

    [Fact]
    public async Task Nothing_is_changed_where_all_is_there()
    {
        await using var bench = await OpenAsync(server);
        await bench.EnsureAsync(await bench.TableAsync(Keyed), Of("id", ColumnType.Bigint), Of("name", ColumnType.Text));
        var table = await bench.TableAsync(Keyed);
        var version = table.Version;
        await bench.EnsureAsync(table, Of("id", ColumnType.Bigint), Of("name", ColumnType.Text));
        (table.Version, table.Touched, table.Changes.Count).ShouldBe((version, false, 0));
    }

    [Fact]
    public async Task Rollback_leaves_nothing_behind_after_a_load()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(Keyed);
        bench.Session.Begin();
        await table.EnsureAsync([Of("id", ColumnType.Bigint)], default);
        await bench.Session.RollbackAsync();
        await table.LoadAsync(default);
        (table.Exists, table.Touched, table.Columns.Count).ShouldBe((false, false, 0));
        await bench.EnsureAsync(table, Of("id", ColumnType.Bigint));
        (await bench.SqlAsync("SELECT count(*) FROM _tidemark_columns")).ShouldBe("1");
    }

    [Fact]
    public async Task Dropped_table_is_forgotten()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(Keyed);
        await bench.EnsureAsync(table, Of("id", ColumnType.Bigint));
        await CommitAsync(bench.Session, () => table.DropAsync(default));
        table.Exists.ShouldBeFalse();
        (await bench.SqlAsync("SELECT to_regclass('t'), count(*) FROM _tidemark_columns")).ShouldBe("NULL|0");
    }

    [Fact]
    public async Task User_who_may_not_alter_the_table_is_told_what_it_lacks()
    {
        await using var bench = await OpenAsync(server);
        await bench.EnsureAsync(await bench.TableAsync(Keyed), Of("id", ColumnType.Bigint));
        await bench.SqlAsync($"CREATE ROLE guest_{bench.Database}; GRANT SELECT, INSERT ON t, _tidemark_columns TO guest_{bench.Database}");
        await bench.Session.ExecuteAsync($"SET ROLE guest_{bench.Database}", default);
        var table = await bench.TableAsync(Keyed);
        await bench.EnsureAsync(table, Of("id", ColumnType.Bigint));
        var e = await bench.FailAsync(table, Of("id", ColumnType.Bigint), Of("name", ColumnType.Text));
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldStartWith("the table 'public.t' needs new columns (name text), but they can't be added: ");
        e.Message.ShouldContain("must be owner of table t");
    }
}
