using Tidemark.Destinations;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests.Writing;

[Collection(PostgreSqlCollection.Name)]
public sealed class BatchRowsTests(PostgresServer server)
{
    private const string All = "SELECT * FROM t ORDER BY 1";

    [Fact]
    public async Task First_load_inserts_every_record()
    {
        await using var bench = await RowsBench.OpenAsync(server);
        (await bench.WriteAsync("{'id':1,'name':'a'}", "{'id':2,'name':null}", "{'id':3}")).ShouldBe(new WriteCounts(3, 0, 0));
        (await bench.SqlAsync(All)).ShouldBe("1|a\n2|NULL\n3|NULL");
    }

    [Fact]
    public async Task Second_load_updates_what_differs_and_inserts_what_is_new()
    {
        await using var bench = await RowsBench.OpenAsync(server);
        await bench.WriteAsync("{'id':1,'name':'a'}", "{'id':2,'name':'b'}");
        (await bench.WriteAsync("{'id':1,'name':'a'}", "{'id':2,'name':'c'}", "{'id':3,'name':'d'}")).ShouldBe(new WriteCounts(1, 1, 1));
        (await bench.SqlAsync(All)).ShouldBe("1|a\n2|c\n3|d");
    }

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
    public async Task Columns_that_a_record_lacks_keep_their_values()
    {
        await using var bench = await RowsBench.OpenAsync(server);
        await bench.WriteAsync("{'id':1,'a':1,'b':1}", "{'id':2,'a':2,'b':2}");
        (await bench.WriteAsync("{'id':1,'a':5}", "{'id':2,'b':null}", "{'id':3,'b':3}")).ShouldBe(new WriteCounts(1, 2, 0));
        (await bench.SqlAsync(All)).ShouldBe("1|5|1\n2|2|NULL\n3|NULL|3");
    }

    [Fact]
    public async Task Records_of_one_key_are_folded_column_by_column()
    {
        await using var bench = await RowsBench.OpenAsync(server);
        (await bench.WriteAsync("{'id':1,'a':1,'b':1}", "{'id':1,'b':2,'c':3}", "{'id':1,'c':null}")).ShouldBe(new WriteCounts(1, 0, 2));
        (await bench.SqlAsync(All)).ShouldBe("1|1|2|NULL");
    }

    [Fact]
    public async Task Older_records_are_held_back_and_counted()
    {
        await using var bench = await RowsBench.OpenAsync(server, cursor: "at");
        await bench.WriteAsync("{'id':1,'at':5,'a':1}", "{'id':2,'at':5,'a':1}");
        (await bench.WriteAsync("{'id':1,'at':4,'a':2}", "{'id':2,'at':6,'a':2}")).ShouldBe(new WriteCounts(0, 1, 1, 1));
        (await bench.SqlAsync(All)).ShouldBe("1|5|1\n2|6|2");
    }

    [Fact]
    public async Task Versions_of_a_row_with_different_columns_are_written_in_order_of_their_cursor()
    {
        await using var bench = await RowsBench.OpenAsync(server, cursor: "at");
        await bench.WriteAsync("{'id':1,'at':3,'a':1,'b':1}");
        (await bench.WriteAsync("{'id':1,'at':5,'a':5}", "{'id':1,'at':4,'b':4}", "{'id':1,'at':2,'b':2}")).ShouldBe(new WriteCounts(0, 2, 1));
        (await bench.SqlAsync(All)).ShouldBe("1|5|5|4");
    }

    [Fact]
    public async Task Append_keeps_every_record()
    {
        await using var bench = await RowsBench.OpenAsync(server, key: null);
        (await bench.WriteAsync("{'id':1,'a':1}", "{'id':1,'a':1}", "{'id':2}")).ShouldBe(new WriteCounts(3, 0, 0));
        (await bench.WriteAsync("{}", "{}")).ShouldBe(new WriteCounts(2, 0, 0));
        (await bench.SqlAsync("SELECT count(*), count(id), count(a) FROM t")).ShouldBe("5|3|2");
    }
}
