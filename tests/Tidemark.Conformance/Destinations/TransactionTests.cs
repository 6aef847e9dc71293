using System.Text;
using Tidemark.Checkpoints;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Destinations;

/// <summary>Rows and checkpoint in one commit, or nothing.</summary>
public abstract class TransactionTests(Harness harness) : DestinationTests(harness)
{
    [SkippableFact]
    public async Task Dispose_without_commit_undoes_rows_columns_queue_and_checkpoint()
    {
        Db.NeedsTransactions();
        var target = Target();
        await using var writer = await OpenAsync(target);
        await WriteAsync(writer, target, """{"id":1,"n":1}""");
        var columns = await Db.ColumnsAsync("t");
        await using (var transaction = await writer.BeginAsync(default))
        {
            using var batch = Batch(target.Schema, """{"id":2,"n":"01","more":1}""");
            await transaction.WriteAsync(batch, 0, 1, default);
            await transaction.EnqueueAsync("q", ["{}"u8.ToArray()], default);
        }
        (await Db.ColumnsAsync("t")).ShouldBe(columns);
        (await writer.PeekAsync("q", 0, 10, default)).ShouldBeEmpty();
        (await WriteAsync(writer, target, """{"id":2,"n":2,"other":1}""")).ShouldBe(new WriteCounts(1, 0, 0));
        (await RowsAsync()).ShouldBe(["id=1 n=1", "id=2 n=2 other=1"]);
        writer.SchemaChanges.Select(c => (c.Kind, c.Column)).ShouldBe([(SchemaChangeKind.TableCreated, null), (SchemaChangeKind.ColumnAdded, "other")]);
    }

    [SkippableFact]
    public async Task First_transaction_that_is_abandoned_leaves_no_table()
    {
        Db.NeedsTransactions();
        var target = Target();
        await using var writer = await OpenAsync(target);
        writer.TableHadRows.ShouldBeFalse();
        await using (var transaction = await writer.BeginAsync(default))
        {
            using var batch = Batch(target.Schema, """{"id":1}""");
            await transaction.WriteAsync(batch, 0, 1, default);
        }
        (await Db.ColumnsAsync("t")).ShouldBeEmpty();
        writer.SchemaChanges.ShouldBeEmpty();
        (await WriteAsync(writer, target, """{"id":"a"}""")).Inserted.ShouldBe(1);
    }

    [SkippableTheory]
    [InlineData(true, "DROP TABLE t")]
    [InlineData(true, "ALTER TABLE t RENAME TO u")]
    [InlineData(false, "DROP TABLE t")]
    public async Task Table_that_somebody_drops_during_a_run_ends_the_stream_and_moves_no_checkpoint(bool brings, string sql)
    {
        Db.NeedsSql();
        var target = Target();
        await using (var writer = await OpenAsync(target))
        {
            await WriteAsync(writer, target, """{"id":1}""");
            await Db.ExecuteAsync(sql);
            DestinationException? e = null;
            // A destination may find out at the first attempt that it has to look again.
            for (var attempt = 0; attempt < 2 && e is not { Fault: DestinationFault.Fatal }; attempt++) e = await Should.ThrowAsync<DestinationException>(() => CommitAsync(writer, target, brings));
            (e!.Fault, e.Message.Contains("tidemark reset s, then tidemark run s", StringComparison.Ordinal)).ShouldBe((DestinationFault.Fatal, true), e.Message);
            (await writer.ReadBatchNumberAsync(default)).ShouldBe(0);
        }
        (await Db.ColumnsAsync("t")).ShouldBeEmpty();
        (await WriteAsync(target, """{"id":2}""")).Inserted.ShouldBe(1);
    }

    [SkippableFact]
    public async Task Table_that_is_dropped_while_all_rows_are_put_aside_is_made_anew()
    {
        Db.NeedsSql();
        var target = Target() with { Disposition = WriteDisposition.Replace };
        await ScanAsync(target, Finish(), ["""{"id":0}"""]);
        await using var writer = await OpenAsync(target);
        await WriteAsync(writer, target, """{"id":1}""");
        await Db.ExecuteAsync("DROP TABLE t");
        await WriteAsync(writer, target, """{"id":2}""");
        try
        {
            await FinishAsync(writer);
        }
        catch (DestinationException e) when (e.Fault == DestinationFault.Temporary)
        {
            await FinishAsync(writer);
        }
        (await RowsAsync()).ShouldBe(["id=1", "id=2"]);
    }

    [SkippableFact]
    public async Task Checkpoint_is_committed_with_the_rows_and_read_again()
    {
        var checkpoint = new Checkpoint
        {
            Watermark = "2026-01-02T03:04:05.678+01:00", LastSuccess = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2)), Resume = """{"r":"'\u0000é"}""", Boundary = "b", Complete = true, LastFullRead = 7, BatchNumber = 3,
        };
        (await Db.Destination.ReadCheckpointAsync(Harness.PipelineName, "s", default)).ShouldBe(Checkpoint.None);
        await using (var writer = await OpenAsync(Target()))
        {
            writer.Checkpoint.ShouldBe(Checkpoint.None);
            await using var transaction = await writer.BeginAsync(default);
            await transaction.CommitAsync(checkpoint, default);
            (await writer.ReadBatchNumberAsync(default)).ShouldBe(3);
        }
        (await Db.Destination.ReadCheckpointAsync(Harness.PipelineName, "s", default)).ShouldBe(checkpoint);
        (await Db.Destination.ReadCheckpointAsync(Harness.PipelineName, "other", default)).ShouldBe(Checkpoint.None);
        await using var next = await OpenAsync(Target());
        next.Checkpoint.ShouldBe(checkpoint);
        next.TableHadRows.ShouldBeFalse();
    }

    [SkippableFact]
    public async Task Batch_number_is_read_anew_after_each_end_of_a_transaction()
    {
        await using var writer = await OpenAsync(Target());
        await using (var transaction = await writer.BeginAsync(default)) await transaction.CommitAsync(new Checkpoint { BatchNumber = 5 }, default);
        (await writer.ReadBatchNumberAsync(default)).ShouldBe(5);
        await using (await writer.BeginAsync(default)) { }
        (await writer.ReadBatchNumberAsync(default)).ShouldBe(5);
    }

    [SkippableFact]
    public async Task Table_that_had_rows_is_told()
    {
        await WriteAsync(Target(), """{"id":1}""");
        await using var writer = await OpenAsync(Target());
        writer.TableHadRows.ShouldBeTrue();
    }

    [SkippableFact]
    public async Task Refused_record_leaves_the_transaction_as_before_the_call()
    {
        Db.NeedsSql();
        await Db.ExecuteAsync("""CREATE TABLE "t"("id" BIGINT PRIMARY KEY, "n" BIGINT CHECK ("n" > 0))""");
        var target = Target();
        await using var writer = await OpenAsync(target);
        await using (var transaction = await writer.BeginAsync(default))
        {
            using var batch = Batch(target.Schema, """{"id":1,"n":1,"extra":"x"}""", """{"id":2,"n":-1,"unknown":1}""", """{"id":3,"n":3}""");
            (await Should.ThrowAsync<DestinationException>(() => transaction.WriteAsync(batch, 0, 3, default))).Fault.ShouldBe(DestinationFault.Record);
            (await transaction.WriteAsync(batch, 0, 1, default)).ShouldBe(new WriteCounts(1, 0, 0));
            var e = await Should.ThrowAsync<DestinationException>(() => transaction.WriteAsync(batch, 1, 1, default));
            (e.Fault, e.Message.Contains("check", StringComparison.OrdinalIgnoreCase)).ShouldBe((DestinationFault.Record, true), e.Message);
            (await transaction.WriteAsync(batch, 2, 1, default)).ShouldBe(new WriteCounts(1, 0, 0));
            (await transaction.WriteAsync(batch, 2, 0, default)).ShouldBe(default);
            writer.SchemaChanges.ShouldBeEmpty();
            await transaction.CommitAsync(new Checkpoint { BatchNumber = 1 }, default);
        }
        (await RowsAsync()).ShouldBe(["extra=x id=1 n=1", "id=3 n=3"]);
        (await Db.ColumnsAsync("t")).Select(c => c.Name).ShouldBe(["id", "n", "extra"]);
        writer.SchemaChanges.ShouldHaveSingleItem().Column.ShouldBe("extra");
    }

    [SkippableFact]
    public async Task Cancelled_call_is_undone_with_its_transaction()
    {
        Db.NeedsTransactions();
        var target = Target();
        await using var writer = await OpenAsync(target);
        await WriteAsync(writer, target, """{"id":1}""");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await using (var transaction = await writer.BeginAsync(default))
        {
            using var batch = Batch(target.Schema, """{"id":2}""");
            await transaction.WriteAsync(batch, 0, 1, default);
            await Should.ThrowAsync<OperationCanceledException>(() => transaction.WriteAsync(batch, 0, 1, cancelled.Token));
        }
        await Should.ThrowAsync<OperationCanceledException>(() => writer.BeginAsync(cancelled.Token));
        (await WriteAsync(writer, target, """{"id":3}""")).Inserted.ShouldBe(1);
        (await RowsAsync()).ShouldBe(["id=1", "id=3"]);
    }

    [SkippableFact]
    public async Task Queue_gives_items_in_order_and_forgets_those_that_are_done()
    {
        await using var writer = await OpenAsync(Target());
        await using (var transaction = await writer.BeginAsync(default))
        {
            await transaction.EnqueueAsync("q", ["""{"a":1}"""u8.ToArray(), """{"a":"é"}"""u8.ToArray()], default);
            await transaction.EnqueueAsync("other", ["{}"u8.ToArray()], default);
            await transaction.EnqueueAsync("q", [], default);
            await transaction.EnqueueAsync("q", ["""{"a":3}"""u8.ToArray()], default);
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        var items = await writer.PeekAsync("q", 0, 10, default);
        items.Select(i => Canonical.OfJson(Encoding.UTF8.GetString(i.Json.Span))).ShouldBe([Canonical.OfJson("""{"a":1}"""), Canonical.OfJson("""{"a":"é"}"""), Canonical.OfJson("""{"a":3}""")]);
        items.Select(i => i.Number).ShouldBeInOrder(SortDirection.Ascending);
        (await writer.PeekAsync("q", items[0].Number, 1, default)).ShouldHaveSingleItem().Number.ShouldBe(items[1].Number);
        await using (var transaction = await writer.BeginAsync(default))
        {
            await transaction.DequeueAsync("q", items[1].Number, default);
            await transaction.CommitAsync(Checkpoint.None, default);
        }
        (await writer.PeekAsync("q", 0, 10, default)).ShouldHaveSingleItem().Number.ShouldBe(items[2].Number);
        (await writer.PeekAsync("other", 0, 10, default)).Count.ShouldBe(1);
    }

    [SkippableFact]
    public async Task Connection_that_is_cut_within_a_transaction_is_temporary_and_the_writer_goes_on()
    {
        var target = Target();
        await using var writer = await OpenAsync(target);
        await WriteAsync(writer, target, """{"id":1}""");
        using var batch = Batch(target.Schema, """{"id":2}""");
        await using (var transaction = await writer.BeginAsync(default))
        {
            await transaction.WriteAsync(batch, 0, 1, default);
            if (!await Db.CutAsync()) return;
            (await Should.ThrowAsync<DestinationException>(() => transaction.WriteAsync(batch, 0, 1, default))).Fault.ShouldBe(DestinationFault.Temporary);
        }
        (await RowsAsync()).ShouldBe(["id=1"]);
        await using (var transaction = await writer.BeginAsync(default))
        {
            await transaction.WriteAsync(batch, 0, 1, default);
            await Db.CutAsync();
            (await Should.ThrowAsync<DestinationException>(() => transaction.CommitAsync(new Checkpoint { BatchNumber = 7 }, default))).Fault.ShouldBe(DestinationFault.Temporary);
        }
        (await writer.ReadBatchNumberAsync(default)).ShouldBe(0);
        (await WriteAsync(writer, target, """{"id":2}""")).Inserted.ShouldBe(1);
        (await RowsAsync()).ShouldBe(["id=1", "id=2"]);
    }

    [SkippableFact]
    public async Task Check_changes_nothing()
    {
        await Db.Destination.CheckAsync(default);
        (await Db.TablesAsync("_tidemark_")).ShouldBeEmpty();
        await WriteAsync(Target(), """{"id":1}""");
        await Db.Destination.CheckAsync(default);
        (await RowsAsync()).ShouldBe(["id=1"]);
    }

    private static async Task FinishAsync(IStreamWriter writer)
    {
        await using var transaction = await writer.BeginAsync(default);
        await transaction.FinishAsync(Finish(), default);
        await transaction.CommitAsync(Checkpoint.None, default);
    }

    private static async Task CommitAsync(IStreamWriter writer, StreamTarget target, bool brings)
    {
        await using var transaction = await writer.BeginAsync(default);
        using var batch = Batch(target.Schema, """{"id":2}""");
        if (brings) await transaction.WriteAsync(batch, 0, 1, default);
        await transaction.CommitAsync(new Checkpoint { BatchNumber = 7 }, default);
    }

    public sealed class OnSqlite() : TransactionTests(new SqliteHarness());

    [Collection(MongoDbCollection.Name)]
    public sealed class OnMongoDb(MongoServer server) : TransactionTests(new MongoDbHarness(server));

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSql(PostgresServer server) : TransactionTests(new PostgreSqlHarness(server));

    [Collection(PgBouncerCollection.Name)]
    public sealed class ThroughPgBouncer(PgBouncer bouncer) : TransactionTests(new PostgreSqlHarness(bouncer.Server, bouncer.Url));
}
