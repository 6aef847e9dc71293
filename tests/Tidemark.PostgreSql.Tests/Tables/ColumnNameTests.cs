using Tidemark.PostgreSql.Tables;
using Tidemark.Records;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.Tables.TableBench;

namespace Tidemark.PostgreSql.Tests.Tables;

[Collection(PostgreSqlCollection.Name)]
public sealed class ColumnNameTests(PostgresServer server)
{
    [Theory]
    [InlineData("order")]
    [InlineData("user")]
    [InlineData("say \"hi\"")]
    [InlineData("a.b")]
    [InlineData("it's")]
    [InlineData("back\\slash")]
    [InlineData("prénom d’usage")]
    [InlineData("电子邮件地址")]
    [InlineData("$1; DROP TABLE t; --")]
    [InlineData(" ")]
    public async Task Names_of_tables_and_fields_are_taken_as_they_are(string name)
    {
        await using var bench = await OpenAsync(server);
        var quoted = $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var table = await bench.TableAsync(new TablePlan { KeyFields = [name], Indexes = [new([name])] }, quoted);
        await bench.EnsureAsync(table, Of(name, ColumnType.Bigint));
        await bench.EnsureAsync(table, Of(name, ColumnType.Bigint), Of(name + "2", ColumnType.Bigint));
        await bench.EnsureAsync(table, Of(name, ColumnType.Text));
        (await bench.ColumnsAsync(quoted)).ShouldBe($"{name} text*, {name}2 bigint");
        var again = await bench.TableAsync(table: quoted);
        again.Fields.Keys.ShouldBe([name, name + "2"]);
        again.Columns.Select(c => c.Name).ShouldBe([name, name + "2"]);
    }

    [Fact]
    public async Task Tables_of_other_schemas_have_fields_of_their_own()
    {
        await using var bench = await OpenAsync(server);
        await bench.SqlAsync("CREATE SCHEMA \"a.b\"; CREATE SCHEMA a");
        await bench.EnsureAsync(await bench.TableAsync(table: "\"a.b\".c"), Of("x", ColumnType.Bigint));
        await bench.EnsureAsync(await bench.TableAsync(table: "a.\"b.c\""), Of("y", ColumnType.Bigint));
        (await bench.ColumnsAsync("\"a.b\".c")).ShouldBe("x bigint");
        (await bench.ColumnsAsync("a.\"b.c\"")).ShouldBe("y bigint");
        (await bench.SqlAsync("SELECT table_name, field FROM _tidemark_columns ORDER BY field")).ShouldBe("\"a.b\".c|x\na.\"b.c\"|y");
    }

    [Fact]
    public async Task Schema_that_is_missing_is_named()
    {
        await using var bench = await OpenAsync(server);
        var e = await bench.FailAsync(await bench.TableAsync(table: "sales.t"), Of("x", ColumnType.Bigint));
        e.Fault.ShouldBe(Destinations.DestinationFault.Fatal);
        e.Message.ShouldBe("the schema 'sales' of the table 'sales.t' does not exist: create it, or name another one");
    }

    [Fact]
    public async Task Long_names_that_agree_in_what_postgresql_keeps_stay_apart_from_run_to_run()
    {
        await using var bench = await OpenAsync(server);
        var (one, two, cut) = (new string('x', 299) + "1", new string('x', 299) + "2", new string('x', 63));
        await bench.EnsureAsync(await bench.TableAsync(), Of(one, ColumnType.Bigint), Of(two, ColumnType.Bigint));
        var next = await bench.TableAsync();
        var version = next.Version;
        await bench.EnsureAsync(next, Of(two, ColumnType.Bigint), Of(one, ColumnType.Bigint));
        (next.Version, next.Changes.Count).ShouldBe((version, 0));
        next.Fields[one].Name.ShouldBe(cut);
        next.Fields[two].Name.ShouldBe(cut[..61] + "_2");
        // A field of just the name that another one was cut to is not that one.
        await bench.EnsureAsync(next, Of(cut, ColumnType.Bigint));
        next.Fields[cut].Name.ShouldBe(cut[..61] + "_3");
    }

    [Fact]
    public async Task Long_names_are_cut_between_characters()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync();
        await bench.EnsureAsync(table, Of("x" + new string('é', 100), ColumnType.Bigint), Of("xy" + string.Concat(Enumerable.Repeat("😀", 100)), ColumnType.Bigint));
        table.Columns.Select(c => c.Name).ShouldBe(["x" + new string('é', 31), "xy" + string.Concat(Enumerable.Repeat("😀", 15))]);
        (await bench.SqlAsync("SELECT count(*) FROM pg_attribute a JOIN _tidemark_columns c ON a.attname = c.column_name WHERE attrelid = 't'::regclass")).ShouldBe("2");
    }

    [Fact]
    public async Task Names_that_postgresql_does_not_take_get_others()
    {
        await using var bench = await OpenAsync(server);
        string[] fields = ["", "a\0b", "a\\0b", "xmin", "ctid", "_tidemark_deleted_at", "a_b"];
        await bench.EnsureAsync(await bench.TableAsync(), [.. fields.Select(f => Of(f, ColumnType.Bigint))]);
        var again = await bench.TableAsync();
        fields.Select(f => again.Fields[f].Name).ShouldBe(["_empty", "a_b", "a\\0b", "xmin_2", "ctid_2", "_tidemark_deleted_at_", "a_b_2"]);
    }

    [Fact]
    public async Task Column_that_was_dropped_by_hand_comes_again()
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync();
        await bench.EnsureAsync(table, Of("a", ColumnType.Bigint), Of("b", ColumnType.Bigint));
        await bench.SqlAsync("ALTER TABLE t DROP COLUMN b");
        await bench.EnsureAsync(table, Of("a", ColumnType.Bigint), Of("b", ColumnType.Text));
        (await bench.ColumnsAsync()).ShouldBe("a bigint, b text");
    }
}
