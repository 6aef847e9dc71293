using Tidemark.Destinations;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.Tables.TableBench;

namespace Tidemark.PostgreSql.Tests.Tables;

[Collection(PostgreSqlCollection.Name)]
public sealed class SchemaContractTests(PostgresServer server)
{
    private static readonly PgArrival Id = Of("id", ColumnType.Bigint);

    [Theory]
    [InlineData(SchemaContract.Evolve)]
    [InlineData(SchemaContract.Freeze)]
    [InlineData(SchemaContract.Discard)]
    public async Task Missing_table_is_made_of_what_is_declared_and_what_arrives(SchemaContract contract)
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(PlanOf(contract));
        await bench.EnsureAsync(table, Id, Of("name", ColumnType.Text), new PgArrival("vat", ColumnType.Decimal, CellKinds.None, IsDeclared: true));
        (await bench.ColumnsAsync()).ShouldBe("id bigint*, name text, vat numeric");
        table.Discards("else").ShouldBe(contract == SchemaContract.Discard);
    }

    [Fact]
    public async Task Frozen_table_stops_the_stream_and_stays()
    {
        await using var bench = await OpenAsync(server);
        await bench.SqlAsync("CREATE TABLE t (theirs bigint)");
        await bench.EnsureAsync(await bench.TableAsync(), Id, Of("amount", ColumnType.Bigint));
        var table = await bench.TableAsync(PlanOf(SchemaContract.Freeze) with { KeyFields = [] });
        await bench.EnsureAsync(table, Id, Of("amount", ColumnType.Bigint), Of("theirs", ColumnType.Text), new PgArrival("nothing", ColumnType.Text, CellKinds.Null, IsDeclared: true));
        var e = await bench.FailAsync(table, Id, Of("amount", ColumnType.Decimal), Of("vat", ColumnType.Text));
        e.Fault.ShouldBe(DestinationFault.Guard);
        e.Message.ShouldBe(
            "the table 'public.t' must not change (schema_contract: freeze), but the field 'vat' brings text and has no column; the field 'amount' brings numeric, which its column 'amount' (bigint) does not hold. "
            + "Nothing of the batch was written: change the table by hand, or set schema_contract to evolve or discard");
        (await bench.ColumnsAsync()).ShouldBe("theirs bigint, id bigint, amount bigint");
        table.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Frozen_table_that_people_have_changed_goes_on()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(PlanOf(SchemaContract.Freeze));
        await bench.EnsureAsync(table, Id);
        await bench.SqlAsync("ALTER TABLE t ADD COLUMN vat varchar(20)");
        await bench.EnsureAsync(table, Id, Of("vat", ColumnType.Text));
        table.Fields["vat"].SqlType.ShouldBe("character varying(20)");
    }

    [Fact]
    public async Task Table_that_discards_leaves_unknown_fields_out_and_refuses_what_does_not_fit()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync(PlanOf(SchemaContract.Discard));
        await bench.EnsureAsync(table, Id, Of("amount", ColumnType.Bigint));
        await CommitAsync(bench.Session, async () =>
        {
            await table.EnsureAsync([Id, Of("vat", ColumnType.Text)], default);
            table.AddDiscarded("vat", 3);
        });
        (table.Discards("vat"), table.Discards("amount")).ShouldBe((true, false));
        table.Changes[^1].ShouldBe(new SchemaChange(SchemaChangeKind.FieldDiscarded, "public.t", "vat", Count: 3));
        var e = await bench.FailAsync(table, Id, Of("amount", ColumnType.Text));
        e.Fault.ShouldBe(DestinationFault.Record);
        e.Message.ShouldContain("the field 'amount' brings text, which its column 'amount' (bigint) does not hold");
        (await bench.ColumnsAsync()).ShouldBe("id bigint*, amount bigint");
    }

    [Fact]
    public async Task Key_without_a_column_is_not_discarded()
    {
        await using var bench = await OpenAsync(server);
        await bench.SqlAsync("CREATE TABLE t (name text)");
        var e = await bench.FailAsync(await bench.TableAsync(PlanOf(SchemaContract.Discard)), Id, Of("name", ColumnType.Text));
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldContain("has no column for 'id', which is part of the primary key");
    }

    private static TablePlan PlanOf(SchemaContract contract) => new() { KeyFields = ["id"], Contract = contract };
}
