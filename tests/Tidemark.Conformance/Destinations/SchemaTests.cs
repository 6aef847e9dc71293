using Tidemark.Checkpoints;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Records;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Destinations;

/// <summary>What is told of tables: their changes, how they really are; and what may not change: contracts, indexes, partitions.</summary>
public abstract class SchemaTests(Harness harness) : DestinationTests(harness)
{
    [SkippableFact]
    public async Task Changes_are_told_in_order_once_they_are_committed()
    {
        Db.NeedsTransactions();
        var target = Target() with { Indexes = [new TableIndex(["n"])] };
        await using var writer = await OpenAsync(target);
        await using (var abandoned = await writer.BeginAsync(default))
        {
            using var batch = Batch(target.Schema, """{"id":1,"gone":1}""");
            await abandoned.WriteAsync(batch, 0, 1, default);
        }
        await WriteAsync(writer, target, """{"id":1,"m":1}""");
        await WriteAsync(writer, target, """{"id":2,"n":1}""");
        await WriteAsync(writer, target, """{"id":2,"m":"x"}""");
        writer.SchemaChanges.Select(c => (c.Kind, c.Column, c.Count)).ShouldBe(
        [
            (SchemaChangeKind.TableCreated, null, 2), (SchemaChangeKind.ColumnAdded, "n", 1),
            (SchemaChangeKind.IndexCreated, writer.SchemaChanges[2].Column, 1), (SchemaChangeKind.ColumnWidened, "m", 1),
        ]);
        writer.SchemaChanges.ShouldAllBe(c => c.Table.EndsWith('t'));
        (writer.SchemaChanges[1].To, writer.SchemaChanges[2].To).ShouldBe((Db.TypeName(ColumnType.Bigint), "t_n_idx"));
        (writer.SchemaChanges[3].From, writer.SchemaChanges[3].To).ShouldBe((Db.TypeName(ColumnType.Bigint), Db.TypeName(ColumnType.Text)));
        await using var next = await OpenAsync(target with { Stream = "other" });
        await WriteAsync(next, target, """{"id":3,"n":1,"m":"x"}""");
        next.SchemaChanges.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Frozen_table_takes_what_it_has_room_for_and_stops_before_anything_else()
    {
        var target = Target() with { SchemaContract = SchemaContract.Freeze };
        await WriteAsync(target, """{"id":1,"n":1}""");
        var columns = await Db.ColumnsAsync("t");
        (await WriteAsync(target, """{"id":2,"n":2}""")).Inserted.ShouldBe(1);
        foreach (var (record, found) in new[] { ("""{"id":3,"n":3,"surprise":1}""", "surprise"), ("""{"id":3,"n":"x"}""", "'n'") })
        {
            var e = await RefusedAsync(target, """{"id":4,"n":4}""", record);
            (e.Fault, e.Message.Contains(found, StringComparison.Ordinal)).ShouldBe((DestinationFault.Guard, true), e.Message);
        }
        (await WriteAsync(target, """{"id":5,"surprise":null}""")).Inserted.ShouldBe(1);
        (await Db.ColumnsAsync("t")).ShouldBe(columns);
        (await RowsAsync()).ShouldBe(["id=1 n=1", "id=2 n=2", "id=5"]);
    }

    [SkippableFact]
    public async Task Discarding_table_leaves_unknown_fields_out_and_refuses_what_does_not_fit()
    {
        var target = Target() with { SchemaContract = SchemaContract.Discard };
        await WriteAsync(target, """{"id":1,"n":1}""");
        var columns = await Db.ColumnsAsync("t");
        await using (var writer = await OpenAsync(target))
        {
            (await WriteAsync(writer, target, """{"id":2,"n":2,"more":"x","other":null}""", """{"id":3,"more":1,"other":true}""")).ShouldBe(new WriteCounts(2, 0, 0));
            (await WriteAsync(writer, target, """{"id":2,"n":2,"more":"y"}""")).ShouldBe(new WriteCounts(0, 0, 1));
            writer.SchemaChanges.Select(c => (c.Kind, c.Column, c.Count)).OrderBy(c => c.Column, StringComparer.Ordinal).ShouldBe(
                [(SchemaChangeKind.FieldDiscarded, "more", 3), (SchemaChangeKind.FieldDiscarded, "other", 1)]);
        }
        var e = await RefusedAsync(target, """{"id":4,"n":"x"}""");
        (e.Fault, e.Message.Contains("'n'", StringComparison.Ordinal)).ShouldBe((DestinationFault.Record, true), e.Message);
        (await Db.ColumnsAsync("t")).ShouldBe(columns);
        (await RowsAsync()).ShouldBe(["id=1 n=1", "id=2 n=2", "id=3"]);
    }

    [SkippableFact]
    public async Task Record_that_does_not_fit_a_discarding_table_is_refused_and_no_other()
    {
        var target = Target() with { SchemaContract = SchemaContract.Discard };
        await using var writer = await OpenAsync(target);
        await WriteAsync(writer, target, """{"id":1,"n":1}""");
        await using var transaction = await writer.BeginAsync(default);
        using var batch = Batch(target.Schema, """{"id":2,"n":2}""", """{"id":3,"n":"x","more":1}""", """{"id":4,"n":4,"more":1}""", """{"id":5,"n":1.5}""", """{"id":6}""");
        (await Halving.WriteAsync(transaction, batch, default)).Refused.Select(r => r.Row).ShouldBe([1, 3]);
        await transaction.CommitAsync(Checkpoint.None, default);
        (await RowsAsync()).ShouldBe(["id=1 n=1", "id=2 n=2", "id=4 n=4", "id=6"]);
        (writer.SchemaChanges[^1].Kind, writer.SchemaChanges[^1].Count).ShouldBe((SchemaChangeKind.FieldDiscarded, 1));
    }

    [SkippableTheory]
    [InlineData(SchemaContract.Evolve)]
    [InlineData(SchemaContract.Freeze)]
    [InlineData(SchemaContract.Discard)]
    public async Task Table_that_is_replaced_is_made_when_the_scan_is_complete_and_its_contract_holds_before(SchemaContract contract)
    {
        var target = Target() with { SchemaContract = contract, Disposition = WriteDisposition.Replace };
        await using var writer = await OpenAsync(target);
        await WriteAsync(writer, target, """{"id":1,"n":1}""");
        if (contract == SchemaContract.Freeze)
        {
            var e = await Should.ThrowAsync<DestinationException>(() => WriteAsync(writer, target, """{"id":2,"more":"x"}"""));
            e.Fault.ShouldBe(DestinationFault.Guard);
            e.Message.ShouldNotContain("_tidemark_");
        }
        else
        {
            await WriteAsync(writer, target, """{"id":2,"more":"x"}""");
        }
        if (contract == SchemaContract.Discard) (await Should.ThrowAsync<DestinationException>(() => WriteAsync(writer, target, """{"id":3,"n":"x"}"""))).Fault.ShouldBe(DestinationFault.Record);
        if (Db.SpeaksSql) (await Db.ColumnsAsync("t")).ShouldBeEmpty();
        await using (var transaction = await writer.BeginAsync(default))
        {
            await transaction.FinishAsync(Finish(), default);
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        (await RowsAsync()).ShouldBe(contract switch
        {
            SchemaContract.Evolve => ["id=1 n=1", "id=2 more=x"],
            SchemaContract.Freeze => ["id=1 n=1"],
            _ => ["id=1 n=1", "id=2"],
        });
        writer.SchemaChanges.Count(c => c.Kind == SchemaChangeKind.FieldDiscarded).ShouldBe(contract == SchemaContract.Discard ? 1 : 0);
    }

    [SkippableFact]
    public async Task Index_is_made_once_its_columns_are_there_and_an_equal_one_counts()
    {
        Db.NeedsSql();
        var target = Target() with { Indexes = [new TableIndex(["a", "b"]), new TableIndex(["c"], Unique: true)] };
        await Db.ExecuteAsync("""CREATE TABLE "t"("id" BIGINT PRIMARY KEY, "c" BIGINT)""");
        await Db.ExecuteAsync("""CREATE UNIQUE INDEX "mine" ON "t"("c")""");
        await WriteAsync(target, """{"id":1,"a":1,"c":1}""");
        await WriteAsync(target, """{"id":2,"a":1,"b":2,"c":2}""");
        var indexes = (await DescribedAsync(target)).Indexes;
        indexes.Select(i => (string.Join(',', i.Columns), i.Unique)).Order().ShouldBe([("a,b", false), ("c", true)]);
        (await RefusedAsync(target, """{"id":3,"c":2}""")).Fault.ShouldBe(DestinationFault.Record);
    }

    [SkippableFact]
    public async Task Unique_index_that_rows_break_stops_and_names_them()
    {
        await WriteAsync(Target(), """{"id":1,"code":"twice"}""", """{"id":2,"code":"twice"}""");
        var e = await RefusedAsync(Target() with { Indexes = [new TableIndex(["code"], Unique: true)] }, """{"id":3,"code":"x"}""");
        (e.Fault, e.Message.Contains("code", StringComparison.Ordinal), e.Message.Contains("twice", StringComparison.Ordinal)).ShouldBe((DestinationFault.Fatal, true, true), e.Message);
        (await CountAsync()).ShouldBe(2);
    }

    [SkippableFact]
    public async Task Description_tells_the_table_as_it_is_and_changes_nothing()
    {
        Db.NeedsSql();
        (await Db.Destination.DescribeAsync(Target(), default)).ShouldBeNull();
        (await Db.TablesAsync("_tidemark_")).ShouldBeEmpty();
        var target = Target(key: "id,part") with { Deletions = Deletions.Mark, Indexes = [new TableIndex(["n"])] };
        await WriteAsync(target, """{"id":1,"part":"a","n":1.5,"when":"2026-01-02T03:04:05Z"}""", """{"id":1,"part":"b","n":2}""");
        await Db.ExecuteAsync("""ALTER TABLE "t" ADD COLUMN "theirs" TEXT NOT NULL DEFAULT 'x'""");
        var table = await DescribedAsync(target);
        table.Rows.ShouldBe(2);
        table.PrimaryKey.ShouldBe(["id", "part"]);
        table.Columns.Select(c => (c.Name, c.Type, c.Nullable, c.Field)).ShouldBe(
        [
            ("id", ColumnType.Bigint, false, "id"), ("part", ColumnType.Text, false, "part"), ("n", ColumnType.Double, true, "n"), ("when", ColumnType.Timestamp, true, "when"),
            ("_tidemark_deleted_at", ColumnType.Timestamp, true, null), ("theirs", ColumnType.Text, false, null),
        ]);
        table.Columns.Select(c => c.Recorded).ShouldBe([ColumnType.Bigint, ColumnType.Text, ColumnType.Double, ColumnType.Timestamp, null, null]);
        table.Columns[2].SqlType.ShouldBe(Db.TypeName(ColumnType.Double));
        table.Indexes.ShouldHaveSingleItem().Columns.ShouldBe(["n"]);
    }

    [SkippableFact]
    public async Task Newest_rows_come_by_cursor_and_without_columns_of_ours()
    {
        var target = Target(cursor: "at") with { Deletions = Deletions.Mark };
        (await Should.ThrowAsync<DestinationException>(() => Db.Destination.ReadNewestAsync(target, 5, default))).Fault.ShouldBe(DestinationFault.Fatal);
        await WriteAsync(target, """{"id":1,"at":"2026-01-03","ok":true}""", """{"id":2,"at":"2026-01-01","ok":false}""", """{"id":3,"at":"2026-01-02","ok":null}""");
        var sample = await Db.Destination.ReadNewestAsync(target, 2, default);
        sample.Columns.ShouldBe(["id", "at", "ok"]);
        sample.Total.ShouldBe(3);
        sample.Rows.Select(r => string.Join('|', r.Select(v => v ?? "null"))).ShouldBe(["1|2026-01-03|True", "3|2026-01-02|null"]);
    }

    [SkippableTheory]
    [InlineData(2)]
    [InlineData(600)]
    public async Task Times_that_their_zone_carries_out_of_the_calendar_are_written_compared_and_shown_like_any_other(int count)
    {
        var target = Target() with { Schema = new BatchSchema { PrimaryKey = ["id"], Columns = [new DeclaredColumn("declared", null, ColumnType.Timestamp)] } };
        string[] times = ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"];
        string[] Records(int shift) => [.. Enumerable.Range(0, count).Select(i => $$"""{"id":{{i}},"declared":"{{times[(i + shift) % 2]}}","inferred":"{{times[(i + shift) % 2]}}"}""")];
        (await WriteAsync(target, Records(0))).ShouldBe(new WriteCounts(count, 0, 0));
        (await WriteAsync(target, Records(0))).ShouldBe(new WriteCounts(0, 0, count));
        (await WriteAsync(target, Records(1))).ShouldBe(new WriteCounts(0, count, 0));
        (await Db.Destination.ReadNewestAsync(target, count, default)).Rows.Count.ShouldBe(count);
    }

    [SkippableFact]
    public async Task Partitions_are_made_as_rows_arrive_or_refused()
    {
        var target = Target(key: "id,region") with { Partitioning = new TablePartitioning("region", PartitionKind.List) };
        if (!Db.HasPartitions)
        {
            var e = await RefusedAsync(target, """{"id":1,"region":"north"}""");
            (e.Fault, e.Message.Contains("take partition_by out", StringComparison.Ordinal)).ShouldBe((DestinationFault.Fatal, true), e.Message);
            return;
        }
        await using var writer = await OpenAsync(target);
        (await WriteAsync(writer, target, """{"id":1,"region":"north","n":1}""", """{"id":1,"region":"it's, south","n":1}""")).ShouldBe(new WriteCounts(2, 0, 0));
        (await WriteAsync(writer, target, """{"id":1,"region":"north","n":1}""", """{"id":1,"region":"it's, south","n":2}""", """{"id":2,"region":"east"}""")).ShouldBe(new WriteCounts(1, 1, 1));
        writer.SchemaChanges.Count(c => c.Kind == SchemaChangeKind.PartitionCreated).ShouldBe(3);
        (await RowsAsync()).ShouldBe(["id=1 n=1 region=north", "id=1 n=2 region=it's, south", "id=2 region=east"]);
    }

    private async Task<TableDescription> DescribedAsync(StreamTarget target) => (await Db.Destination.DescribeAsync(target, default)).ShouldNotBeNull();

    public sealed class OnSqlite() : SchemaTests(new SqliteHarness());

    [Collection(MongoDbCollection.Name)]
    public sealed class OnMongoDb(MongoServer server) : SchemaTests(new MongoDbHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSql(PostgresServer server) : SchemaTests(new PostgreSqlHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSqlWithUnusualSettings(PostgresServer server) : SchemaTests(PostgreSqlHarness.WithUnusualSettings(server));

    [Collection(PgBouncerCollection.Name)]
    public sealed class ThroughPgBouncer(PgBouncer bouncer) : SchemaTests(new PostgreSqlHarness(bouncer.Server, bouncer.Url));
}
