using Tidemark.Destinations;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.Tables.TableBench;

namespace Tidemark.PostgreSql.Tests.Tables;

[Collection(PostgreSqlCollection.Name)]
public sealed class TableDescriberTests(PostgresServer server)
{
    [Fact]
    public async Task Table_is_described_as_it_is()
    {
        await using var bench = await OpenAsync(server);
        await bench.SqlAsync("CREATE TABLE t (b integer, a bigint NOT NULL, c text UNIQUE, twice bigint GENERATED ALWAYS AS (a * 2) STORED, PRIMARY KEY (b, a)); CREATE INDEX i ON t (c, a); CREATE INDEX p ON t (c) WHERE a > 0");
        await bench.EnsureAsync(await bench.TableAsync(), Of("a", ColumnType.Bigint), Of(new string('x', 70), ColumnType.Decimal));
        await bench.SqlAsync("INSERT INTO t(a, b) VALUES (1, 2), (2, 3)");
        var described = (await DescribeAsync(bench, "t")).ShouldNotBeNull();
        described.Table.ShouldBe("public.t");
        described.Columns.ShouldBe([
            new ColumnDescription("b", "integer", null, Nullable: false),
            new ColumnDescription("a", "bigint", ColumnType.Bigint, Nullable: false, Field: "a"),
            new ColumnDescription("c", "text", ColumnType.Text, Nullable: true),
            new ColumnDescription("twice", "bigint", ColumnType.Bigint, Nullable: true),
            new ColumnDescription(new string('x', 63), "numeric", ColumnType.Decimal, Nullable: true, Field: new string('x', 70), Recorded: ColumnType.Decimal),
        ]);
        described.PrimaryKey.ShouldBe(["b", "a"]);
        described.Indexes.Select(i => (i.Name, string.Join(',', i.Columns), i.Unique)).ShouldBe([("i", "c,a", false), ("t_c_key", "c", true)]);
        described.Rows.ShouldBe(2);
    }

    [Fact]
    public async Task Table_that_is_missing_is_none_and_nothing_is_changed()
    {
        await using var bench = await OpenAsync(server);
        await bench.SqlAsync("DROP TABLE _tidemark_columns; CREATE TABLE u (a bigint)");
        (await DescribeAsync(bench, "t")).ShouldBeNull();
        (await DescribeAsync(bench, "u")).ShouldNotBeNull().Columns.ShouldHaveSingleItem().Field.ShouldBeNull();
        (await bench.SqlAsync("SELECT count(*) FROM pg_class WHERE relname LIKE '\\_tidemark%'")).ShouldBe("0");
    }

    private static Task<TableDescription?> DescribeAsync(TableBench bench, string table) =>
        TableDescriber.DescribeAsync(bench.Session, "public", new StreamTarget { PipelineName = "p", Stream = "s", Table = table }, default);
}
