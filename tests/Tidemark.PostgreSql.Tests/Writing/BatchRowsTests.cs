using Tidemark.Destinations;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests.Writing;

[Collection(PostgreSqlCollection.Name)]
public sealed class BatchRowsTests(PostgresServer server)
{
    [Fact]
    public async Task Unchanged_rows_are_not_written()
    {
        await using var bench = await RowsBench.OpenAsync(server);
        await bench.WriteAsync("{'id':1,'name':'a','at':'2026-01-09T10:00:00Z','n':1.5,'j':{'a':[1]}}");
        var before = await bench.SqlAsync("SELECT xmin, xmax, ctid FROM t");
        (await bench.WriteAsync("{'id':1,'name':'a','at':'2026-01-09T11:00:00+01:00','n':1.50,'j':{ 'a' : [1] }}")).ShouldBe(new WriteCounts(0, 0, 1));
        (await bench.SqlAsync("SELECT xmin, xmax, ctid FROM t")).ShouldBe(before);
    }

    [Fact]
    public async Task Versions_of_a_row_with_different_columns_are_written_in_order_of_their_cursor()
    {
        await using var bench = await RowsBench.OpenAsync(server, cursor: "at");
        await bench.WriteAsync("{'id':1,'at':3,'a':1,'b':1}");
        (await bench.WriteAsync("{'id':1,'at':5,'a':5}", "{'id':1,'at':4,'b':4}", "{'id':1,'at':2,'b':2}")).ShouldBe(new WriteCounts(0, 2, 1));
        (await bench.SqlAsync("SELECT * FROM t")).ShouldBe("1|5|5|4");
    }
}
