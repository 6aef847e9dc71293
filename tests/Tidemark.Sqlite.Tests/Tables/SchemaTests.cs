using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Records;
using static Tidemark.Sqlite.Tests.TestDatabase;

namespace Tidemark.Sqlite.Tests.Tables;

public sealed class SchemaTests : IDisposable
{
    private readonly TestDatabase _db = new();

    public void Dispose() => _db.Dispose();

    [Fact]
    public async Task Changes_of_the_table_are_told_in_order()
    {
        await using var writer = await _db.OpenAsync(Target() with { Indexes = [new TableIndex(["a", "b"])] });
        await WriteAsync(writer, Target(), """{"id":1,"a":1}""");
        await WriteAsync(writer, Target(), """{"id":2,"a":"x","b":true}""");
        await WriteAsync(writer, Target(), """{"id":3,"a":"y"}""");
        writer.SchemaChanges.ShouldBe([
            new SchemaChange(SchemaChangeKind.TableCreated, "t", Count: 2),
            new SchemaChange(SchemaChangeKind.ColumnAdded, "t", "b", To: "BOOLEAN"),
            new SchemaChange(SchemaChangeKind.ColumnWidened, "t", "a", "BIGINT", "TEXT"),
            new SchemaChange(SchemaChangeKind.IndexCreated, "t", To: "t_a_b_idx")]);
    }

    [Fact]
    public async Task Changes_that_were_rolled_back_are_not_told()
    {
        _db.Execute("CREATE TABLE t(id BIGINT PRIMARY KEY, n TEXT CHECK (n <> 'bad'))");
        await using var writer = await _db.OpenAsync(Target());
        await using (var dropped = await writer.BeginAsync(default))
        {
            using var batch = Batch(Target().Schema, """{"id":1,"gone":1}""");
            await dropped.WriteAsync(batch, 0, 1, default);
        }
        await using var transaction = await writer.BeginAsync(default);
        using var mixed = Batch(Target().Schema, """{"id":1,"n":"bad","guilty":1}""", """{"id":2,"fine":1}""");
        var result = await Halving.WriteAsync(transaction, mixed, default);
        writer.SchemaChanges.ShouldBeEmpty();
        await transaction.CommitAsync(Checkpoint.None, default);
        result.Refused.Select(r => r.Row).ShouldBe([0]);
        writer.SchemaChanges.ShouldBe([new SchemaChange(SchemaChangeKind.ColumnAdded, "t", "fine", To: "BIGINT")]);
        _db.Rows("SELECT name FROM pragma_table_info('t')").ShouldBe(["id", "n", "fine"]);
    }

    [Theory]
    [InlineData("""{"id":2,"more":1}""", "found the field 'more' (bigint), for which 't' has no column")]
    [InlineData("""{"id":2,"n":"x"}""", "found text in 'n', expected bigint like its column in 't'")]
    [InlineData("""{"id":"x"}""", "found text in 'id', expected bigint like its column in 't'")]
    public async Task Frozen_table_stops_the_stream_before_anything_is_written(string record, string message)
    {
        var target = Target() with { SchemaContract = SchemaContract.Freeze };
        await using var writer = await _db.OpenAsync(target);
        await WriteAsync(writer, target, """{"id":1,"n":1}""");
        var e = await Should.ThrowAsync<DestinationException>(() => WriteAsync(writer, target, """{"id":3}""", record));
        e.Fault.ShouldBe(DestinationFault.Guard);
        e.Message.ShouldStartWith(message);
        _db.Rows("SELECT * FROM t").ShouldBe(["1|1"]);
        (await WriteAsync(writer, target, """{"id":2,"n":null,"more":null}""")).Inserted.ShouldBe(1);
    }

    [Fact]
    public async Task Discarded_fields_are_left_out_and_counted()
    {
        var target = Target() with { SchemaContract = SchemaContract.Discard };
        await using var writer = await _db.OpenAsync(target);
        await WriteAsync(writer, target, """{"id":1,"n":1}""");
        await WriteAsync(writer, target, """{"id":2,"n":2,"more":"a"}""", """{"id":3,"n":3,"more":null}""", """{"id":4,"n":4,"other":1,"more":"b"}""");
        await WriteAsync(writer, target, """{"id":5,"more":"c"}""");
        _db.Rows("SELECT * FROM t").ShouldBe(["1|1", "2|2", "3|3", "4|4", "5|∅"]);
        writer.SchemaChanges.ShouldBe([
            new SchemaChange(SchemaChangeKind.TableCreated, "t", Count: 2),
            new SchemaChange(SchemaChangeKind.FieldDiscarded, "t", "more", Count: 3),
            new SchemaChange(SchemaChangeKind.FieldDiscarded, "t", "other", Count: 1)]);
    }

    [Fact]
    public async Task Record_that_does_not_fit_a_discarding_table_is_refused_and_no_other()
    {
        var target = Target() with { SchemaContract = SchemaContract.Discard };
        await using var writer = await _db.OpenAsync(target);
        await WriteAsync(writer, target, """{"id":1,"n":1}""");
        await using var transaction = await writer.BeginAsync(default);
        using var batch = Batch(target.Schema, """{"id":2,"n":2}""", """{"id":3,"n":"x","more":1}""", """{"id":4,"n":4,"more":1}""", """{"id":5,"n":1.5}""", """{"id":6}""");
        var result = await Halving.WriteAsync(transaction, batch, default);
        await transaction.CommitAsync(Checkpoint.None, default);
        result.Refused.ShouldBe([
            new RefusedRecord(1, "found text in 'n', expected bigint like its column in 't', which schema_contract: discard keeps as it is"),
            new RefusedRecord(3, "found double in 'n', expected bigint like its column in 't', which schema_contract: discard keeps as it is")]);
        _db.Rows("SELECT id FROM t").ShouldBe(["1", "2", "4", "6"]);
        writer.SchemaChanges[^1].ShouldBe(new SchemaChange(SchemaChangeKind.FieldDiscarded, "t", "more", Count: 1));
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
    public async Task Partitions_are_refused()
    {
        var e = await Should.ThrowAsync<DestinationException>(() => _db.OpenAsync(Target() with { Partitioning = new TablePartitioning("id", PartitionKind.List) }));
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldEndWith("SQLite has no partitions: take partition_by out, or use PostgreSQL");
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

    [Fact]
    public async Task Records_held_back_are_counted_as_older()
    {
        var target = Target(cursor: "at");
        await _db.WriteAsync(target, """{"id":1,"at":5}""", """{"id":2,"at":5}""");
        (await _db.WriteAsync(target, """{"id":1,"at":4}""", """{"id":2,"at":5}""", """{"id":2,"at":6}""")).ShouldBe(new WriteCounts(0, 1, 2, Older: 1));
    }
}
