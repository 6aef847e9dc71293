using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Records;
using static Tidemark.Sqlite.Tests.TestDatabase;

namespace Tidemark.Sqlite.Tests.Tables;

public sealed class SchemaTests : IDisposable
{
    private readonly TestDatabase _db = new();

    public void Dispose() => _db.Dispose();

    [Theory]
    [InlineData(SchemaContract.Freeze, """{"id":2,"more":1}""", "found the field 'more' (bigint), for which 't' has no column")]
    [InlineData(SchemaContract.Freeze, """{"id":2,"n":"x"}""", "found text in 'n', expected bigint like its column in 't'")]
    [InlineData(SchemaContract.Freeze, """{"id":"x"}""", "found text in 'id', expected bigint like its column in 't'")]
    [InlineData(SchemaContract.Discard, """{"id":2,"n":1.5}""", "found double in 'n', expected bigint like its column in 't', which schema_contract: discard keeps as it is")]
    public async Task Contract_that_does_not_hold_is_told_in_words(SchemaContract contract, string record, string message)
    {
        var target = Target() with { SchemaContract = contract };
        await _db.WriteAsync(target, """{"id":1,"n":1}""");
        (await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(target, record))).Message.ShouldStartWith(message);
    }

    [Theory]
    [InlineData(SchemaContract.Freeze, DestinationFault.Guard)]
    [InlineData(SchemaContract.Discard, DestinationFault.Record)]
    public async Task Contract_holds_for_what_replaces_a_table(SchemaContract contract, DestinationFault fault)
    {
        var target = Target() with { Disposition = WriteDisposition.Replace, SchemaContract = contract };
        await _db.ScanAsync(target, Finish(), ["""{"id":1,"n":1}"""]);
        (await Should.ThrowAsync<DestinationException>(() => _db.ScanAsync(target, Finish(), ["""{"id":1,"n":"x"}"""]))).Fault.ShouldBe(fault);
        _db.Rows("SELECT * FROM t").ShouldBe(["1|1"]);
    }

    [Fact]
    public async Task Declared_columns_are_there_before_their_first_value()
    {
        var target = Target() with { Schema = new BatchSchema { PrimaryKey = ["id"], Columns = [new("at", null, ColumnType.Timestamp), new("deep", JsonPath.Parse("a.b"), ColumnType.Double), new("any", null, null)] } };
        await _db.WriteAsync(target, """{"id":1}""");
        _db.Rows("SELECT name, type FROM pragma_table_info('t')").ShouldBe(["id|BIGINT", "deep|DOUBLE", "at|TIMESTAMP"], ignoreOrder: true);
        _db.Execute("CREATE TABLE u(ID INTEGER PRIMARY KEY, AT TEXT)");
        await _db.WriteAsync(target with { Table = "u" }, """{"id":1}""");
        _db.Rows("SELECT name, type FROM pragma_table_info('u')").ShouldBe(["ID|INTEGER", "AT|TEXT", "deep|DOUBLE"]);
    }

    [Fact]
    public async Task Index_is_made_once_and_one_that_is_there_counts()
    {
        _db.Execute("CREATE TABLE t(id INTEGER PRIMARY KEY, a, b, c, d); CREATE INDEX mine ON t(B); CREATE UNIQUE INDEX other ON t(c); CREATE INDEX part ON t(d) WHERE d > 1");
        var target = Target() with { Indexes = [new(["b"]), new(["c"]), new(["b"], Unique: true), new(["d"]), new(["later"])] };
        foreach (var record in new[] { """{"id":1,"b":1,"c":1,"d":1}""", """{"id":2,"b":2,"c":2,"later":1}""" }) await _db.WriteAsync(target, record);
        _db.Rows("SELECT name FROM pragma_index_list('t') ORDER BY name").ShouldBe(["mine", "other", "part", "t_b_key", "t_d_idx", "t_later_idx"]);
        (await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(target, """{"id":3,"b":1}"""))).Fault.ShouldBe(DestinationFault.Record);
    }

    [Fact]
    public async Task Unique_index_that_the_rows_break_ends_the_stream_with_an_example()
    {
        await _db.WriteAsync(Target(), """{"id":1,"a":null,"b":1}""", """{"id":2,"a":"x","b":2}""", """{"id":3,"a":"x","b":2}""", """{"id":4,"a":null,"b":1}""");
        var e = await Should.ThrowAsync<DestinationException>(() => _db.WriteAsync(Target() with { Indexes = [new(["a", "b"], Unique: true)] }, """{"id":5}"""));
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldContain("several of its rows have a = x, b = 2");
    }

    [Fact]
    public async Task Description_is_the_table_as_it_is()
    {
        (await _db.Destination().DescribeAsync(Target(), default)).ShouldBeNull();
        await _db.WriteAsync(Target(key: "id,n") with { Indexes = [new(["a"])], Deletions = Deletions.Mark }, """{"n":1,"id":"x","a":{"b":1}}""");
        var table = (await _db.Destination().DescribeAsync(Target("T"), default)).ShouldNotBeNull();
        (table.Table, table.Rows).ShouldBe(("t", 1));
        table.PrimaryKey.ShouldBe(["id", "n"]);
        table.Indexes.ShouldHaveSingleItem().Columns.ShouldBe(["a"]);
        table.Columns.ShouldBe([
            new ColumnDescription("n", "BIGINT", ColumnType.Bigint, Nullable: false, "n", ColumnType.Bigint),
            new ColumnDescription("id", "TEXT", ColumnType.Text, Nullable: false, "id", ColumnType.Text),
            new ColumnDescription("a", "TEXT", ColumnType.Json, Nullable: true, "a", ColumnType.Json),
            new ColumnDescription("_tidemark_deleted_at", "TIMESTAMP", ColumnType.Timestamp, Nullable: true)]);
        _db.Execute("CREATE TABLE u(id INTEGER PRIMARY KEY, d DATETIME NOT NULL, x, s TEXT, UNIQUE(s, d))");
        var foreign = (await _db.Destination().DescribeAsync(Target("u"), default)).ShouldNotBeNull();
        foreign.Columns.Select(c => c.Type).ShouldBe([ColumnType.Bigint, ColumnType.Timestamp, null, ColumnType.Text]);
        foreign.Indexes.ShouldHaveSingleItem().Unique.ShouldBeTrue();
        (await _db.Destination().DescribeAsync(Target("none"), default)).ShouldBeNull();
    }

    [Fact]
    public async Task Object_that_is_gone_clears_the_columns_that_the_table_has()
    {
        var target = Target() with { Schema = new BatchSchema { PrimaryKey = ["id"], Nested = NestedValues.Flatten } };
        await _db.WriteAsync(target, """{"id":1,"a":{"b":1,"c":{"d":2}}}""", """{"id":2,"a":{"b":1}}""");
        await using var writer = await _db.OpenAsync(target);
        writer.Fields.ShouldBe(["id", "a__b", "a__c__d"]);
        using var batch = new RecordBatch(target.Schema, new KnownFields(writer.Fields));
        batch.Add("""{"id":1,"a":null}"""u8).ShouldBeNull();
        await using var transaction = await writer.BeginAsync(default);
        (await transaction.WriteAsync(batch, 0, 1, default)).Updated.ShouldBe(1);
        await transaction.CommitAsync(Checkpoint.None, default);
        _db.Rows("SELECT * FROM t").ShouldBe(["1|∅|∅", "2|1|∅"]);
    }
}
