using Tidemark.Destinations;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.Tables.TableBench;

namespace Tidemark.PostgreSql.Tests.Tables;

[Collection(PostgreSqlCollection.Name)]
public sealed class TableIndexTests(PostgresServer server)
{
    private static readonly PgArrival[] Both = [Of("city", ColumnType.Text), Of("email", ColumnType.Text)];

    [Fact]
    public async Task Declared_indexes_are_made_once_their_columns_are_there()
    {
        await using var bench = await OpenAsync(server);
        var plan = new TablePlan { Indexes = [new(["city", "email"]), new(["city"]), new(["email"], Unique: true)] };
        var table = await bench.TableAsync(plan);
        await bench.EnsureAsync(table, Of("city", ColumnType.Text));
        (await IndexesAsync(bench)).ShouldBe("t_city_idx");
        await bench.EnsureAsync(table, Both);
        (await IndexesAsync(bench)).ShouldBe("t_city_email_idx\nt_city_idx\nt_email_key");
        table.Changes.Where(c => c.Kind == SchemaChangeKind.IndexCreated).Select(c => c.To).ShouldBe(["t_city_idx", "t_city_email_idx", "t_email_key"]);
        var next = await bench.TableAsync(plan);
        await bench.EnsureAsync(next, Both);
        next.Changes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("CREATE INDEX theirs ON t (city)", false, "theirs")]
    [InlineData("CREATE UNIQUE INDEX theirs ON t (city)", false, "theirs")]
    [InlineData("CREATE UNIQUE INDEX theirs ON t (city) INCLUDE (email)", true, "theirs")]
    [InlineData("ALTER TABLE t ADD CONSTRAINT theirs PRIMARY KEY (city)", true, "theirs")]
    [InlineData("CREATE INDEX theirs ON t (city)", true, "t_city_key\ntheirs")]
    [InlineData("CREATE INDEX theirs ON t (city, email)", false, "t_city_idx\ntheirs")]
    [InlineData("CREATE INDEX theirs ON t USING hash (city)", false, "t_city_idx\ntheirs")]
    [InlineData("CREATE INDEX theirs ON t (city) WHERE email IS NULL", false, "t_city_idx\ntheirs")]
    public async Task Index_of_somebody_else_that_does_the_same_counts(string sql, bool unique, string expected)
    {
        await using var bench = await OpenAsync(server);
        await bench.SqlAsync($"CREATE TABLE t (city text, email text); {sql}");
        await bench.EnsureAsync(await bench.TableAsync(new TablePlan { Indexes = [new(["city"], unique)] }), Both);
        (await IndexesAsync(bench)).ShouldBe(expected);
    }

    [Fact]
    public async Task Unique_index_that_rows_break_names_one_of_them()
    {
        await using var bench = await OpenAsync(server);
        await bench.EnsureAsync(await bench.TableAsync(), Both);
        await bench.SqlAsync("INSERT INTO t VALUES ('Graz', 'a@b.at'), ('Linz', 'a@b.at')");
        var e = await bench.FailAsync(await bench.TableAsync(new TablePlan { Indexes = [new(["email"], Unique: true)] }), Both);
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldBe("the table 'public.t' has several rows with the same email, which a declared index is to make unique (Key (email)=(a@b.at) is duplicated): remove the extra rows, or take unique out of it");
    }

    [Fact]
    public async Task Type_that_has_no_order_gets_no_index()
    {
        await using var bench = await OpenAsync(server);
        await bench.SqlAsync("CREATE TABLE t (city json, email text)");
        var e = await bench.FailAsync(await bench.TableAsync(new TablePlan { Indexes = [new(["city"])] }), Both);
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldContain("the table 'public.t' can't get an index over city, which is declared");
    }

    [Fact]
    public async Task Long_names_of_indexes_do_not_collide()
    {
        await using var bench = await OpenAsync(server);
        var (one, two) = (new string('x', 60) + "1", new string('x', 60) + "2");
        var table = await bench.TableAsync(new TablePlan { Indexes = [new([one]), new([two])] });
        await bench.EnsureAsync(table, Of(one, ColumnType.Text), Of(two, ColumnType.Text));
        table.Changes.Count(c => c.Kind == SchemaChangeKind.IndexCreated).ShouldBe(2);
    }

    private static Task<string> IndexesAsync(TableBench bench) => bench.SqlAsync("SELECT indexname FROM pg_indexes WHERE tablename = 't' ORDER BY indexname");
}
